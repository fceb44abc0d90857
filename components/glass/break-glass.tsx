'use client';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { Hammer } from 'lucide-react';
import { type FormEvent, useState } from 'react';
import { errorWords, problemsByField } from '@/components/api/error-words';
import { hasRole, useMe } from '@/components/api/me';
import { useTRPC } from '@/components/api/trpc';
import { Button } from '@/components/ui/button';
import { Callout } from '@/components/ui/callout';
import { Dialog } from '@/components/ui/dialog';
import { Field } from '@/components/ui/field';
import { Input } from '@/components/ui/input';
import { Textarea } from '@/components/ui/textarea';
import { toast } from '@/components/ui/toaster';
import type { ActionDetail } from '@/server/domain/views';

const PHRASE = 'break the glass';
const FORM = 'break-glass';

function GlassDialog({ action, onClose }: { action: ActionDetail; onClose: () => void }) {
  const trpc = useTRPC();
  const queries = useQueryClient();
  const [reason, setReason] = useState('');
  const [typed, setTyped] = useState('');
  const release = useMutation(
    trpc.glass.break.mutationOptions({
      onSuccess: () => {
        void queries.invalidateQueries();
        toast.success('Released by you alone', {
          description: 'Everybody who decides was told. Somebody else has to close the review.',
        });
        onClose();
      },
    }),
  );
  const problems = problemsByField(release.error);
  const fault = release.error && Object.keys(problems).length === 0 ? release.error : null;
  const submit = (event: FormEvent) => {
    event.preventDefault();
    release.mutate({
      actionId: action.actionId,
      digest: action.digest,
      footprintDigest: action.footprintDigest ?? '',
      reason: reason.trim(),
    });
  };
  return (
    <Dialog
      open
      onOpenChange={(open) => !open && onClose()}
      title="Break the glass"
      description="For emergencies: it is released by you alone, without the approvals it needs. Everybody who decides is told at once, and it stays open as a review until somebody else has closed it."
      footer={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button
            type="submit"
            form={FORM}
            variant="danger"
            busy={release.isPending}
            disabled={reason.trim() === '' || typed.trim().toLowerCase() !== PHRASE}
          >
            <Hammer /> Release it alone
          </Button>
        </>
      }
    >
      <form id={FORM} method="post" onSubmit={submit} className="space-y-4">
        <p className="border-danger border-l-3 pl-3 text-base text-soft">{action.sentence}</p>
        <Field
          label="What happened, and why it cannot wait"
          hint="Everybody who decides reads it, and it stays in the audit log."
          error={problems.reason}
        >
          {(control) => (
            <Textarea
              {...control}
              autoFocus
              rows={3}
              required
              maxLength={4000}
              value={reason}
              onChange={(event) => setReason(event.target.value)}
              placeholder="Salaries are paid in twenty minutes and nobody of payroll answers"
            />
          )}
        </Field>
        <Field label={`Type “${PHRASE}”`}>
          {(control) => (
            <Input
              {...control}
              autoComplete="off"
              value={typed}
              onChange={(event) => setTyped(event.target.value)}
            />
          )}
        </Field>
        {fault ? (
          <Callout tone="danger" role="alert">
            {errorWords(fault)}
          </Callout>
        ) : null}
      </form>
    </Dialog>
  );
}

/** For owners, where something waits that cannot: far from the buttons that decide, so that it is never pressed in passing. */
export function BreakGlass({ action }: { action: ActionDetail }) {
  const [open, setOpen] = useState(false);
  const isOwner = hasRole(useMe(), 'owner');
  if (!isOwner || action.status !== 'held' || action.policyChange !== null) return null;
  return (
    <div className="mt-4 flex flex-wrap items-center justify-between gap-3 border-line border-t pt-4">
      <p className="max-w-xl text-soft text-sm">
        If this cannot wait for {action.needed === 1 ? 'a reviewer' : `${action.needed} people`}: an owner can
        release it alone, and answers for it afterwards.
      </p>
      <Button size="sm" variant="outline-danger" onClick={() => setOpen(true)}>
        <Hammer /> Break the glass…
      </Button>
      {open ? <GlassDialog action={action} onClose={() => setOpen(false)} /> : null}
    </div>
  );
}
