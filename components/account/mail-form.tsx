'use client';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import type { FormEvent } from 'react';
import { errorWords, problemsByField } from '@/components/api/error-words';
import { useTRPC } from '@/components/api/trpc';
import { Button } from '@/components/ui/button';
import { Callout } from '@/components/ui/callout';
import { Field } from '@/components/ui/field';
import { Input } from '@/components/ui/input';
import { Select } from '@/components/ui/select';
import { Skeleton } from '@/components/ui/skeleton';
import { toast } from '@/components/ui/toaster';
import type { Digest } from '@/server/domain/mail-choice';
import type { Level } from '@/server/domain/vocabulary';

const NONE = 'none';
const CHOICES: readonly [value: string, words: string][] = [
  ['low', 'Every one I can decide'],
  ['moderate', 'From moderate on'],
  ['high', 'High and critical'],
  ['critical', 'Critical only'],
  [NONE, 'None: I look in the inbox'],
];

const TOGETHER: readonly [value: string, words: string][] = [
  [NONE, 'Each at once'],
  ['hourly', 'Together, once an hour'],
  ['daily', 'Together, once a day'],
];

/** From which level one is told of held actions, during which hours, and whether mails come together. */
export function MailForm() {
  const trpc = useTRPC();
  const queries = useQueryClient();
  const choice = useQuery(trpc.me.mail.queryOptions());
  const choose = useMutation(
    trpc.me.chooseMail.mutationOptions({
      onSuccess: () => {
        void queries.invalidateQueries({ queryKey: trpc.me.mail.queryKey() });
        toast.success('Saved');
      },
    }),
  );
  const problems = problemsByField(choose.error);
  const fault = choose.error && Object.keys(problems).length === 0 ? choose.error : null;
  if (choice.isPending) return <Skeleton className="h-52 w-full" />;
  // Without what is saved there is nothing to change: an empty form would overwrite it.
  if (choice.data === undefined) {
    return (
      <Callout tone="danger" role="alert">
        {errorWords(choice.error)}
      </Callout>
    );
  }
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const fields = new FormData(event.currentTarget);
    const level = String(fields.get('fromLevel'));
    const digest = String(fields.get('digest'));
    choose.mutate({
      fromLevel: level === NONE ? null : (level as Level),
      hours: String(fields.get('hours') ?? '').trim() || null,
      digest: digest === NONE ? null : (digest as Digest),
    });
  };
  return (
    <form
      method="post"
      onSubmit={submit}
      aria-label="What reaches you, and when"
      className="flex max-w-104 flex-col gap-4"
    >
      {fault ? (
        <Callout tone="danger" role="alert">
          {errorWords(fault)}
        </Callout>
      ) : null}
      <Field label="Held actions" error={problems.fromLevel}>
        {(control) => (
          <Select {...control} name="fromLevel" defaultValue={choice.data.fromLevel ?? NONE}>
            {CHOICES.map(([value, words]) => (
              <option key={value} value={value}>
                {words}
              </option>
            ))}
          </Select>
        )}
      </Field>
      <Field
        label="Hours"
        hint="Your on-call hours. Empty: at any time. What is held outside them is mailed when they begin, if it still waits."
        error={problems.hours}
      >
        {(control) => (
          <Input
            {...control}
            name="hours"
            maxLength={100}
            autoComplete="off"
            placeholder="Mon-Fri 08:00-18:00 Europe/Berlin"
            defaultValue={choice.data.hours ?? ''}
          />
        )}
      </Field>
      <Field
        label="Mails"
        hint="Together: one mail with all that waits for you, at full hours, or at the beginning of your hours (08:00 UTC without any). Critical holds come at once."
      >
        {(control) => (
          <Select {...control} name="digest" defaultValue={choice.data.digest ?? NONE}>
            {TOGETHER.map(([value, words]) => (
              <option key={value} value={value}>
                {words}
              </option>
            ))}
          </Select>
        )}
      </Field>
      <p className="text-faint text-sm">
        Halts, anomalies and holds about to expire reach you always, by mail and in the browsers below.
      </p>
      <Button type="submit" variant="primary" busy={choose.isPending} className="self-start">
        Save
      </Button>
    </form>
  );
}
