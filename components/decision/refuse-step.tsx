'use client';
import { CornerUpLeft, X } from 'lucide-react';
import { type FormEvent, useEffect, useRef, useState } from 'react';
import { Button } from '@/components/ui/button';
import { Field } from '@/components/ui/field';
import { Kbd } from '@/components/ui/kbd';
import { Textarea } from '@/components/ui/textarea';

const WORDS = {
  reject: {
    title: 'Reject. It will not run.',
    label: 'Why',
    hint: 'The agent gets this word for word, and it stays in the audit log.',
    placeholder: 'The pay round sheet says 3.0 %, not 3.5 %.',
    button: 'Reject',
    icon: X,
  },
  send_back: {
    title: 'Send back for changes. It will not run as it is.',
    label: 'What should change',
    hint: 'The agent gets this word for word and can plan again.',
    placeholder: 'Leave out people on parental leave, then submit again.',
    button: 'Send back',
    icon: CornerUpLeft,
  },
} as const;

/** The second step of a rejection or of sending back: a note in words, required. */
export function RefuseStep({
  decision,
  agent,
  busy,
  onCancel,
  onRefuse,
}: {
  decision: keyof typeof WORDS;
  agent: string;
  busy: boolean;
  onCancel: () => void;
  onRefuse: (note: string) => void;
}) {
  const [note, setNote] = useState('');
  const [missing, setMissing] = useState(false);
  const field = useRef<HTMLTextAreaElement>(null);
  useEffect(() => field.current?.focus({ preventScroll: true }), []);
  const words = WORDS[decision];
  const Icon = words.icon;
  const submit = (event?: FormEvent) => {
    event?.preventDefault();
    if (!note.trim()) return setMissing(true);
    onRefuse(note.trim());
  };
  return (
    <form onSubmit={submit} className="space-y-3">
      <p className="font-semibold text-base">{words.title}</p>
      <Field
        label={`${words.label}, for ${agent}`}
        hint={words.hint}
        error={missing ? 'Write a few words: without them the agent can only guess.' : null}
      >
        {(control) => (
          <Textarea
            {...control}
            ref={field}
            rows={2}
            maxLength={4000}
            value={note}
            placeholder={words.placeholder}
            onChange={(event) => {
              setNote(event.target.value);
              setMissing(false);
            }}
            onKeyDown={(event) => {
              if (event.key === 'Enter' && (event.metaKey || event.ctrlKey)) submit();
            }}
          />
        )}
      </Field>
      <div className="flex flex-wrap items-center justify-end gap-2">
        <span className="mr-auto text-faint text-sm max-sm:hidden">
          <Kbd>Ctrl</Kbd> <Kbd>Enter</Kbd> to send
        </span>
        <Button onClick={onCancel} className="max-sm:flex-1">
          Cancel
        </Button>
        <Button
          type="submit"
          variant={decision === 'reject' ? 'danger' : 'primary'}
          busy={busy}
          className="max-sm:flex-1"
        >
          <Icon /> {words.button}
        </Button>
      </div>
    </form>
  );
}
