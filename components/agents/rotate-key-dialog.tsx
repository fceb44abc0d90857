'use client';
import { type FormEvent, type ReactNode, useId, useState } from 'react';
import { errorWords } from '@/components/api/error-words';
import { Button } from '@/components/ui/button';
import { Callout } from '@/components/ui/callout';
import { Dialog } from '@/components/ui/dialog';
import { Field } from '@/components/ui/field';
import { Select } from '@/components/ui/select';
import { KeyOnce } from './key-once';
import { useKeyActions } from './use-key-actions';

const HOUR = 3600;
const GRACES = [
  { label: 'At once', seconds: 0 },
  { label: 'After an hour', seconds: HOUR },
  { label: 'After a day', seconds: 24 * HOUR },
  { label: 'After a week', seconds: 168 * HOUR },
] as const;

/** Replaces a key: shows the new one once and says until when the old one works. */
export function RotateKeyDialog({
  agent,
  keyId,
  trigger,
}: {
  agent: string;
  keyId: string;
  trigger: ReactNode;
}) {
  const [open, setOpen] = useState(false);
  const [grace, setGrace] = useState(2);
  const { rotate } = useKeyActions();
  const form = useId();
  const change = (next: boolean) => {
    setOpen(next);
    rotate.reset();
  };
  const submit = (event: FormEvent) => {
    event.preventDefault();
    rotate.mutate({ keyId, graceSeconds: GRACES[grace]?.seconds ?? 24 * HOUR });
  };
  return (
    <Dialog
      open={open}
      onOpenChange={change}
      trigger={trigger}
      title="Replace this key"
      description={`${agent} gets a new one; the old one goes on working until you have rolled it out.`}
      footer={
        rotate.data ? (
          <Button variant="primary" onClick={() => change(false)}>
            I have stored it
          </Button>
        ) : (
          <>
            <Button onClick={() => change(false)}>Cancel</Button>
            <Button type="submit" form={form} variant="primary" busy={rotate.isPending}>
              Make the new key
            </Button>
          </>
        )
      }
    >
      {rotate.data ? (
        <KeyOnce agent={agent} secret={rotate.data.key} />
      ) : (
        <form id={form} onSubmit={submit} className="space-y-4">
          <Field label="The old key stops working">
            {(control) => (
              <Select {...control} value={grace} onChange={(event) => setGrace(Number(event.target.value))}>
                {GRACES.map((each, index) => (
                  <option key={each.label} value={index}>
                    {each.label}
                  </option>
                ))}
              </Select>
            )}
          </Field>
          {rotate.error ? (
            <Callout tone="danger" role="alert">
              {errorWords(rotate.error)}
            </Callout>
          ) : null}
        </form>
      )}
    </Dialog>
  );
}
