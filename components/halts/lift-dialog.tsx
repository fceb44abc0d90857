'use client';
import { Play } from 'lucide-react';
import { type FormEvent, useState } from 'react';
import { Button } from '@/components/ui/button';
import { Dialog } from '@/components/ui/dialog';
import { Field } from '@/components/ui/field';
import { Textarea } from '@/components/ui/textarea';
import type { HaltView } from '@/server/domain/views';

/** Letting go again is a decision of its own, with a reason of its own. */
export function LiftDialog({
  halt,
  busy,
  error,
  onClose,
  onLift,
}: {
  halt: HaltView;
  busy: boolean;
  error: string | null;
  onClose: () => void;
  onLift: (reason: string) => void;
}) {
  const [reason, setReason] = useState('');
  const names: Partial<Record<HaltView['scope'], string>> = { workspace: 'everything', run: 'a run' };
  const subject = names[halt.scope] ?? halt.subjectName;
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (reason.trim()) onLift(reason.trim());
  };
  return (
    <Dialog
      open
      onOpenChange={(open) => !open && onClose()}
      title={`Lift the halt of ${subject}`}
      description="Actions can be released and executed again. What the halt took back stays revoked: agents have to submit it anew."
      footer={
        <>
          <Button onClick={onClose}>Keep it halted</Button>
          <Button type="submit" form="lift" variant="primary" busy={busy} disabled={!reason.trim()}>
            <Play /> Lift the halt
          </Button>
        </>
      }
    >
      <form id="lift" onSubmit={submit}>
        <Field label="Why it is safe again" error={error}>
          {(control) => (
            <Textarea
              {...control}
              autoFocus
              rows={2}
              required
              maxLength={2000}
              value={reason}
              onChange={(event) => setReason(event.target.value)}
              placeholder="The faulty condition is fixed and was tried on a copy"
            />
          )}
        </Field>
      </form>
    </Dialog>
  );
}
