'use client';
import { type FormEvent, type ReactNode, useId, useState } from 'react';
import { errorWords } from '@/components/api/error-words';
import { Button } from '@/components/ui/button';
import { Callout } from '@/components/ui/callout';
import { Dialog } from '@/components/ui/dialog';
import { Field } from '@/components/ui/field';
import { Input } from '@/components/ui/input';
import { Select } from '@/components/ui/select';
import { KeyOnce } from './key-once';
import { useKeyActions } from './use-key-actions';

const DAY = 24 * 3600;
const LIVES = [
  { label: '30 days', seconds: 30 * DAY },
  { label: '90 days', seconds: 90 * DAY },
  { label: 'A year', seconds: 365 * DAY },
  { label: 'Never', seconds: null },
] as const;

/** Makes a key and shows it once. */
export function NewKeyDialog({
  agent,
  trigger,
}: {
  agent: { agentId: string; name: string };
  trigger: ReactNode;
}) {
  const [open, setOpen] = useState(false);
  const [label, setLabel] = useState('');
  const [life, setLife] = useState(1);
  const { create } = useKeyActions();
  const form = useId();
  const change = (next: boolean) => {
    setOpen(next);
    setLabel('');
    create.reset();
  };
  const submit = (event: FormEvent) => {
    event.preventDefault();
    const expirySeconds = LIVES[life]?.seconds ?? null;
    create.mutate({ agentId: agent.agentId, label: label.trim(), expirySeconds });
  };
  return (
    <Dialog
      open={open}
      onOpenChange={change}
      trigger={trigger}
      title={`New key for ${agent.name}`}
      footer={
        create.data ? (
          <Button variant="primary" onClick={() => change(false)}>
            I have stored it
          </Button>
        ) : (
          <>
            <Button onClick={() => change(false)}>Cancel</Button>
            <Button type="submit" form={form} variant="primary" busy={create.isPending}>
              Create the key
            </Button>
          </>
        )
      }
    >
      {create.data ? (
        <KeyOnce agent={agent.name} secret={create.data.key} />
      ) : (
        <form id={form} onSubmit={submit} className="space-y-4">
          <Field label="Where it is used" hint="To tell keys apart later.">
            {(control) => (
              <Input
                {...control}
                maxLength={100}
                autoComplete="off"
                placeholder="staging"
                value={label}
                onChange={(event) => setLabel(event.target.value)}
              />
            )}
          </Field>
          <Field label="Stops working after">
            {(control) => (
              <Select {...control} value={life} onChange={(event) => setLife(Number(event.target.value))}>
                {LIVES.map((each, index) => (
                  <option key={each.label} value={index}>
                    {each.label}
                  </option>
                ))}
              </Select>
            )}
          </Field>
          {create.error ? (
            <Callout tone="danger" role="alert">
              {errorWords(create.error)}
            </Callout>
          ) : null}
        </form>
      )}
    </Dialog>
  );
}
