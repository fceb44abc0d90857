'use client';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { type FormEvent, type ReactNode, useId, useState } from 'react';
import { errorWords } from '@/components/api/error-words';
import { useTRPC } from '@/components/api/trpc';
import { Button } from '@/components/ui/button';
import { Callout } from '@/components/ui/callout';
import { CopyButton } from '@/components/ui/copy-button';
import { Dialog } from '@/components/ui/dialog';
import { Field } from '@/components/ui/field';
import { Input } from '@/components/ui/input';
import { Select } from '@/components/ui/select';

const DAY = 24 * 3600;
const LIVES = [
  { label: '90 days', seconds: 90 * DAY },
  { label: 'A year', seconds: 365 * DAY },
  { label: 'Two years', seconds: 730 * DAY },
] as const;

const Once = ({ value, label }: { value: string; label: string }) => (
  <div>
    <p className="font-medium text-sm">{label}</p>
    <div className="mt-1 flex items-start gap-2 rounded-md border border-line bg-sunken py-2 pr-2 pl-3">
      <code className="min-w-0 flex-1 break-all text-sm">{value}</code>
      <CopyButton value={value} label={`Copy: ${label}`} className="size-8" />
    </div>
  </div>
);

/** Makes a SCIM token and shows it once. */
export function NewTokenDialog({ trigger }: { trigger: ReactNode }) {
  const trpc = useTRPC();
  const queries = useQueryClient();
  const [open, setOpen] = useState(false);
  const [label, setLabel] = useState('');
  const [life, setLife] = useState(1);
  const form = useId();
  const create = useMutation(
    trpc.directory.createToken.mutationOptions({
      onSuccess: () => void queries.invalidateQueries({ queryKey: trpc.directory.pathKey() }),
    }),
  );
  const change = (next: boolean) => {
    setOpen(next);
    setLabel('');
    create.reset();
  };
  const submit = (event: FormEvent) => {
    event.preventDefault();
    create.mutate({ label: label.trim(), expirySeconds: LIVES[life]?.seconds ?? 365 * DAY });
  };
  const made = create.data;
  return (
    <Dialog
      open={open}
      onOpenChange={change}
      trigger={trigger}
      title="New SCIM token"
      footer={
        made ? (
          <Button variant="primary" onClick={() => change(false)}>
            I have stored it
          </Button>
        ) : (
          <>
            <Button onClick={() => change(false)}>Cancel</Button>
            <Button
              type="submit"
              form={form}
              variant="primary"
              busy={create.isPending}
              disabled={label.trim() === ''}
            >
              Create the token
            </Button>
          </>
        )
      }
    >
      {made ? (
        <div className="space-y-4">
          <Callout tone="caution" title="Copy it now: it is not shown again">
            Paste both into the provisioning settings of your identity provider.
          </Callout>
          <Once label="Tenant URL or base URL" value={made.endpoint} />
          <Once label="Secret token" value={made.token} />
        </div>
      ) : (
        <form id={form} onSubmit={submit} className="space-y-4">
          <Field label="Identity provider" hint="To tell tokens apart later.">
            {(control) => (
              <Input
                {...control}
                maxLength={100}
                autoComplete="off"
                placeholder="Entra ID"
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
