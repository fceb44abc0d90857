'use client';
import { OctagonPause } from 'lucide-react';
import { type FormEvent, useState } from 'react';
import { Button } from '@/components/ui/button';
import { Callout } from '@/components/ui/callout';
import { Dialog } from '@/components/ui/dialog';
import { Field } from '@/components/ui/field';
import { Textarea } from '@/components/ui/textarea';
import type { HaltScope } from '@/server/domain/vocabulary';
import { type HaltOrder, type HaltSubject, subjectName } from './halt-subject';
import { HaltWhat } from './halt-what';

/** Stops everything, or one thing, at once. Says what it will do before it does it. */
export function HaltDialog({
  onClose,
  workspace,
  subjects,
  chosen,
  busy,
  error,
  onEngage,
}: {
  onClose: () => void;
  workspace: string;
  subjects: readonly HaltSubject[];
  /** Chosen beforehand, from its page. */
  chosen?: HaltSubject | undefined;
  busy: boolean;
  error: string | null;
  onEngage: (order: HaltOrder) => void;
}) {
  const [scope, setScope] = useState<HaltScope>(chosen?.scope ?? 'workspace');
  const [picked, setPicked] = useState(chosen?.id ?? '');
  const [reason, setReason] = useState('');
  const ofScope = subjects.filter((each) => each.scope === scope);
  const subject = ofScope.find((each) => each.id === picked) ?? ofScope[0];
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (!reason.trim()) return;
    onEngage({
      scope,
      ...(scope === 'workspace' || !subject ? {} : { id: subject.id }),
      reason: reason.trim(),
    });
  };
  return (
    <Dialog
      open
      onOpenChange={(open) => !open && onClose()}
      title="Halt"
      description="No action will be released or executed until a person lifts it. What was approved but has not started is taken back."
      footer={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button type="submit" form="halt" variant="danger" busy={busy} disabled={!reason.trim()}>
            <OctagonPause /> Halt {scope === 'workspace' || !subject ? 'everything' : subjectName(subject)}
          </Button>
        </>
      }
    >
      <form id="halt" onSubmit={submit} className="space-y-4">
        <HaltWhat
          workspace={workspace}
          subjects={subjects}
          scope={scope}
          id={subject?.id ?? ''}
          onScope={setScope}
          onId={setPicked}
        />
        <Field
          label="Why"
          hint="Everyone in the workspace sees it on every page, and it stays in the audit log."
        >
          {(control) => (
            <Textarea
              {...control}
              autoFocus
              rows={2}
              required
              maxLength={2000}
              value={reason}
              onChange={(event) => setReason(event.target.value)}
              placeholder="It deletes far more than its goal says"
            />
          )}
        </Field>
        {error ? (
          <Callout tone="danger" role="alert">
            {error}
          </Callout>
        ) : null}
      </form>
    </Dialog>
  );
}
