'use client';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { type FormEvent, useId } from 'react';
import { errorWords } from '@/components/api/error-words';
import { useTRPC } from '@/components/api/trpc';
import { Button } from '@/components/ui/button';
import { Input } from '@/components/ui/input';
import { Select } from '@/components/ui/select';
import { Textarea } from '@/components/ui/textarea';
import { toast } from '@/components/ui/toaster';
import type { AnomalyMode, AnomalyRule } from '@/server/domain/anomaly';
import { MODE_WORDS, RULE_WORDS } from './anomaly-words';

const MODES = ['off', 'propose', 'engage'] as const;

/** One rule by which agents are watched: what it looks at, from how much on, and what happens then. */
export function RuleForm({ rule, canSetUp }: { rule: AnomalyRule; canSetUp: boolean }) {
  const trpc = useTRPC();
  const queries = useQueryClient();
  const title = useId();
  const { title: name, says, unit } = RULE_WORDS[rule.rule];
  const isCanary = rule.rule === 'canary';
  const save = useMutation(
    trpc.halt.saveAnomalyRule.mutationOptions({
      onSuccess: () => {
        toast.success(`${name}: saved`);
        return queries.invalidateQueries({ queryKey: trpc.halt.pathKey() });
      },
    }),
  );
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const fields = new FormData(event.currentTarget);
    const resources = String(fields.get('resources') ?? '')
      .split('\n')
      .map((line) => line.trim())
      .filter((line) => line !== '');
    save.mutate({
      rule: rule.rule,
      mode: String(fields.get('mode')) as AnomalyMode,
      bound: isCanary ? 0 : Number(fields.get('bound')),
      resources,
    });
  };
  return (
    <form
      method="post"
      onSubmit={submit}
      aria-labelledby={title}
      className="flex flex-wrap items-end gap-x-4 gap-y-3 px-4 py-4 sm:px-5"
    >
      <div className="min-w-0 flex-1 basis-72">
        <p id={title} className="font-medium text-base">
          {name}
        </p>
        {isCanary ? (
          <>
            <p className="mt-0.5 text-soft text-sm">{says}: tables and files, one a line.</p>
            <Textarea
              name="resources"
              aria-label="Canaries, one a line"
              rows={2}
              spellCheck={false}
              disabled={!canSetUp}
              placeholder="public.honeypot_accounts"
              className="mt-2 font-mono text-sm"
              defaultValue={rule.resources.join('\n')}
            />
          </>
        ) : (
          <p className="mt-0.5 flex flex-wrap items-center gap-x-2 gap-y-1 text-soft text-sm">
            {says}
            <Input
              name="bound"
              type="number"
              inputMode="numeric"
              min={0}
              required
              aria-label={`${name}: more than so many ${unit}`}
              disabled={!canSetUp}
              defaultValue={rule.bound}
              className="w-24"
            />
          </p>
        )}
      </div>
      <Select
        name="mode"
        aria-label={`${name}: what happens`}
        defaultValue={rule.mode}
        disabled={!canSetUp}
        className="w-44"
      >
        {MODES.map((mode) => (
          <option key={mode} value={mode}>
            {MODE_WORDS[mode]}
          </option>
        ))}
      </Select>
      {canSetUp ? (
        <Button type="submit" busy={save.isPending}>
          Save
        </Button>
      ) : null}
      {save.error ? (
        <p role="alert" className="w-full text-danger-text text-sm">
          {errorWords(save.error)}
        </p>
      ) : null}
    </form>
  );
}
