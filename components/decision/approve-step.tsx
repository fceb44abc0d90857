'use client';
import { Fingerprint, ShieldCheck } from 'lucide-react';
import { type FormEvent, useEffect, useRef, useState } from 'react';
import { Button } from '@/components/ui/button';
import { Digest } from '@/components/ui/digest';
import { Field } from '@/components/ui/field';
import { Input } from '@/components/ui/input';
import { Link } from '@/components/ui/link';
import type { ConfirmFact } from '@/server/domain/confirm-fact';
import type { ActionDetail } from '@/server/domain/views';

/** The second step of an approval: what is released, word for word; for critical holds the fact that matters is typed. */
export function ApproveStep({
  action,
  fact,
  busy,
  onCancel,
  onApprove,
}: {
  action: ActionDetail;
  fact: ConfirmFact | null;
  busy: boolean;
  onCancel: () => void;
  onApprove: (confirm: string | undefined) => void;
}) {
  const [typed, setTyped] = useState('');
  const [missed, setMissed] = useState(false);
  const first = useRef<HTMLElement | null>(null);
  useEffect(() => first.current?.focus({ preventScroll: true }), []);
  const approvals = action.hold?.approvals ?? 0;
  const missing = action.needed - approvals - 1;
  const submit = (event: FormEvent) => {
    event.preventDefault();
    // Whether it is the right answer is for the server to say: a page can be got around.
    if (fact && !typed.trim()) return setMissed(true);
    onApprove(fact ? typed.trim() : undefined);
  };
  return (
    <form onSubmit={submit} className="space-y-3">
      <p className="font-semibold text-base">
        {missing > 0
          ? `Approve this. ${missing === 1 ? 'One more person has' : `${missing} more people have`} to approve before it runs.`
          : action.toolDetail.execution === 'agent'
            ? 'Release exactly this, once, to the agent.'
            : 'Release exactly this. Holdpoint runs it once, and only if it still touches what is shown.'}
      </p>
      <p className="line-clamp-3 border-hold border-l-3 pl-3 text-base text-soft">{action.sentence}</p>
      {fact ? (
        <Field
          label={fact.question}
          hint="This hold is critical: type the answer from the page."
          error={missed ? 'Type the answer before you approve.' : null}
        >
          {(control) => (
            <Input
              {...control}
              ref={(element) => {
                first.current = element;
              }}
              className="max-w-56"
              autoComplete="off"
              inputMode={/^\d+$/.test(fact.answer) ? 'numeric' : 'text'}
              value={typed}
              onChange={(event) => {
                setTyped(event.target.value);
                setMissed(false);
              }}
            />
          )}
        </Field>
      ) : null}
      {action.hold?.presence === 'passkey' ? (
        <p className="flex gap-2 text-base text-soft">
          <Fingerprint aria-hidden className="mt-0.5 size-4.5 shrink-0 text-faint" />
          <span>
            Your browser asks for your passkey, which signs exactly this. None yet?{' '}
            <Link href="/account#passkeys" className="underline underline-offset-2">
              Register one
            </Link>
            .
          </span>
        </p>
      ) : null}
      <div className="flex flex-wrap items-center justify-between gap-2">
        <span className="text-faint text-sm">
          Bound to digest <Digest value={action.digest} label="Copy the action’s digest" />
        </span>
        <span className="flex gap-2 max-sm:w-full">
          <Button onClick={onCancel} className="max-sm:flex-1">
            Not yet
          </Button>
          <Button
            type="submit"
            variant="primary"
            busy={busy}
            className="max-sm:flex-1"
            ref={(element: HTMLButtonElement | null) => {
              if (!fact) first.current = element;
            }}
          >
            <ShieldCheck /> {missing > 0 ? 'Approve' : 'Approve and release'}
          </Button>
        </span>
      </div>
    </form>
  );
}
