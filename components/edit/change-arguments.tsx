'use client';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { PencilLine } from 'lucide-react';
import { useRouter } from 'next/navigation';
import { type FormEvent, useState } from 'react';
import { errorWords } from '@/components/api/error-words';
import { useTRPC } from '@/components/api/trpc';
import { Button } from '@/components/ui/button';
import { Callout } from '@/components/ui/callout';
import { Dialog } from '@/components/ui/dialog';
import { Field } from '@/components/ui/field';
import { Textarea } from '@/components/ui/textarea';
import { toast } from '@/components/ui/toaster';
import type { ActionDetail } from '@/server/domain/views';
import { fromText, toText, whole } from './args-text';
import { TextDiff } from './text-diff';

const FORM = 'change-arguments';

function EditForm({ action, onClose }: { action: ActionDetail; onClose: () => void }) {
  const trpc = useTRPC();
  const queries = useQueryClient();
  const router = useRouter();
  const before = toText(action.args, action.toolDetail.kind === 'sql');
  const [text, setText] = useState(before);
  const [note, setNote] = useState('');
  const [problem, setProblem] = useState<string | null>(null);
  const edit = useMutation(
    trpc.review.edit.mutationOptions({
      onSuccess: ({ actionId }) => {
        void queries.invalidateQueries();
        toast.success('Planned in its place', {
          description: 'It is measured now, and somebody else decides it.',
        });
        onClose();
        router.push(`/actions/${actionId}`);
      },
    }),
  );
  const isChanged = whole(text) !== whole(before);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    const read = fromText(text);
    if ('problem' in read) return setProblem(read.problem);
    edit.mutate({
      actionId: action.actionId,
      digest: action.digest,
      footprintDigest: action.footprintDigest ?? '',
      args: read.args,
      note: note.trim(),
    });
  };
  const change = (more: Partial<typeof text>) => {
    setProblem(null);
    setText({ ...text, ...more });
  };
  return (
    <Dialog
      open
      onOpenChange={(open) => !open && onClose()}
      title="Change the arguments"
      description="This is sent back, and what you write is planned in its place: measured anew and decided by somebody else. You have no vote on it."
      footer={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button
            type="submit"
            form={FORM}
            variant="primary"
            busy={edit.isPending}
            disabled={!isChanged || note.trim() === ''}
          >
            <PencilLine /> Plan it instead
          </Button>
        </>
      }
    >
      <form id={FORM} method="post" onSubmit={submit} className="space-y-4">
        {text.statement === null ? null : (
          <Field label="Statement">
            {(control) => (
              <Textarea
                {...control}
                rows={6}
                spellCheck={false}
                className="font-mono text-sm"
                value={text.statement ?? ''}
                onChange={(event) => change({ statement: event.target.value })}
              />
            )}
          </Field>
        )}
        {text.statement !== null && before.json === '' ? null : (
          <Field label={text.statement === null ? 'Arguments' : 'Other arguments'} error={problem}>
            {(control) => (
              <Textarea
                {...control}
                rows={text.statement === null ? 12 : 4}
                spellCheck={false}
                className="font-mono text-sm"
                value={text.json}
                onChange={(event) => change({ json: event.target.value })}
              />
            )}
          </Field>
        )}
        {isChanged ? <TextDiff before={whole(before)} after={whole(text)} label="What you change" /> : null}
        <Field
          label="What you changed, and why"
          hint="The agent gets this word for word, with the new arguments."
        >
          {(control) => (
            <Textarea
              {...control}
              rows={2}
              required
              maxLength={2000}
              value={note}
              onChange={(event) => setNote(event.target.value)}
              placeholder="Only people of the department, not everybody"
            />
          )}
        </Field>
        {edit.error ? (
          <Callout tone="danger" role="alert">
            {errorWords(edit.error)}
          </Callout>
        ) : null}
      </form>
    </Dialog>
  );
}

/** For whoever may decide: send it back and plan something narrower in its place. */
export function ChangeArguments({ action }: { action: ActionDetail }) {
  const [open, setOpen] = useState(false);
  const isOwn = action.policyChange !== null || action.undo.of !== null;
  if (!action.eligibility.canDecide || isOwn) return null;
  return (
    <>
      <Button size="sm" onClick={() => setOpen(true)}>
        <PencilLine /> Change…
      </Button>
      {open ? <EditForm action={action} onClose={() => setOpen(false)} /> : null}
    </>
  );
}
