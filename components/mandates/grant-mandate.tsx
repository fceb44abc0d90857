'use client';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { ScrollText } from 'lucide-react';
import { type FormEvent, useState } from 'react';
import { errorWords, problemsByField } from '@/components/api/error-words';
import { useTRPC } from '@/components/api/trpc';
import { Button } from '@/components/ui/button';
import { Callout } from '@/components/ui/callout';
import { Dialog } from '@/components/ui/dialog';
import { Field } from '@/components/ui/field';
import { Textarea } from '@/components/ui/textarea';
import { toast } from '@/components/ui/toaster';
import type { RunDetail } from '@/server/domain/run-views';
import { LimitsFields } from './limits-fields';
import { readLimits } from './limits-text';

const DEFAULT_HOURS = 8;

/** Grants a run what it may do, beginning with what it asked for. */
export function GrantMandate({ run }: { run: RunDetail }) {
  const trpc = useTRPC();
  const queries = useQueryClient();
  const [open, setOpen] = useState(false);
  const grant = useMutation(
    trpc.grant.mandate.mutationOptions({
      onSuccess: () => {
        toast.success('The mandate is granted', { description: 'Beyond it, everything of the run is held.' });
        setOpen(false);
        return queries.invalidateQueries();
      },
    }),
  );
  const problems = problemsByField(grant.error);
  const fault = grant.error && Object.keys(problems).length === 0 ? grant.error : null;
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const fields = new FormData(event.currentTarget);
    grant.mutate({
      runId: run.runId,
      limits: readLimits(fields),
      hours: Number(fields.get('hours')),
      reason: String(fields.get('reason')).trim(),
    });
  };
  return (
    <Dialog
      open={open}
      onOpenChange={setOpen}
      trigger={
        <Button variant={run.inForce?.by ? 'outline' : 'primary'}>
          <ScrollText /> {run.inForce?.by ? 'Change…' : 'Grant a mandate…'}
        </Button>
      }
      title="What this run may do"
      description="Inside it, policy decides as always. Beyond it, everything is held for people."
      footer={
        <>
          <Button onClick={() => setOpen(false)}>Cancel</Button>
          <Button type="submit" form="grant-mandate" variant="primary" busy={grant.isPending}>
            Grant it
          </Button>
        </>
      }
    >
      <form id="grant-mandate" method="post" onSubmit={submit} className="space-y-4">
        {fault ? (
          <Callout tone="danger" role="alert">
            {errorWords(fault)}
          </Callout>
        ) : null}
        <LimitsFields limits={run.inForce?.limits ?? {}} hours={DEFAULT_HOURS} problems={problems} />
        <Field label="Why" hint="It stays in the audit log." error={problems.reason}>
          {(control) => (
            <Textarea
              {...control}
              name="reason"
              rows={2}
              required
              maxLength={2000}
              placeholder="The monthly correction, as agreed with payroll"
            />
          )}
        </Field>
      </form>
    </Dialog>
  );
}
