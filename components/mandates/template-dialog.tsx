'use client';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { type FormEvent, type ReactNode, useId, useState } from 'react';
import { errorWords, problemsByField } from '@/components/api/error-words';
import { useTRPC } from '@/components/api/trpc';
import { Button } from '@/components/ui/button';
import { Callout } from '@/components/ui/callout';
import { Dialog } from '@/components/ui/dialog';
import { Field } from '@/components/ui/field';
import { Input } from '@/components/ui/input';
import { Textarea } from '@/components/ui/textarea';
import { toast } from '@/components/ui/toaster';
import type { MandateTemplateView } from '@/server/domain/grant-views';
import { LimitsFields } from './limits-fields';
import { readLimits } from './limits-text';

/** Writes a mandate template, or changes one. */
export function TemplateDialog({
  template,
  trigger,
}: {
  template: MandateTemplateView | null;
  trigger: ReactNode;
}) {
  const trpc = useTRPC();
  const queries = useQueryClient();
  const form = useId();
  const [open, setOpen] = useState(false);
  const save = useMutation(
    trpc.grant.saveTemplate.mutationOptions({
      onSuccess: ({ name }) => {
        toast.success(`${name} is saved`, { description: 'It counts for runs that start from now on.' });
        setOpen(false);
        return queries.invalidateQueries();
      },
    }),
  );
  const problems = problemsByField(save.error);
  const fault = save.error && Object.keys(problems).length === 0 ? save.error : null;
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const fields = new FormData(event.currentTarget);
    const agents = String(fields.get('agents') ?? '')
      .split('\n')
      .map((line) => line.trim())
      .filter((line) => line !== '');
    save.mutate({
      name: template?.name ?? String(fields.get('name')).trim(),
      agents,
      limits: readLimits(fields),
      hours: Number(fields.get('hours')),
    });
  };
  return (
    <Dialog
      open={open}
      onOpenChange={setOpen}
      trigger={trigger}
      title={template ? `Change ${template.name}` : 'New mandate template'}
      description="Runs that ask for no more than this are granted it at once."
      footer={
        <>
          <Button onClick={() => setOpen(false)}>Cancel</Button>
          <Button type="submit" form={form} variant="primary" busy={save.isPending}>
            Save
          </Button>
        </>
      }
    >
      <form id={form} method="post" onSubmit={submit} className="space-y-4">
        {fault ? (
          <Callout tone="danger" role="alert">
            {errorWords(fault)}
          </Callout>
        ) : null}
        {template ? null : (
          <Field label="Name" hint="Agents can ask for it by this name." error={problems.name}>
            {(control) => <Input {...control} name="name" required maxLength={100} autoComplete="off" />}
          </Field>
        )}
        <Field label="Agents" hint="Names of agents, one a line. Empty: any agent." error={problems.agents}>
          {(control) => (
            <Textarea
              {...control}
              name="agents"
              rows={2}
              spellCheck={false}
              defaultValue={template?.agents.join('\n') ?? ''}
            />
          )}
        </Field>
        <LimitsFields limits={template?.limits ?? {}} hours={template?.hours ?? 8} problems={problems} />
      </form>
    </Dialog>
  );
}
