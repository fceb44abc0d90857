'use client';
import { type FormEvent, type ReactNode, useId, useState } from 'react';
import { useApply } from '@/components/apply/use-apply';
import { Button } from '@/components/ui/button';
import { Callout } from '@/components/ui/callout';
import { Dialog } from '@/components/ui/dialog';
import { Field } from '@/components/ui/field';
import { Input } from '@/components/ui/input';
import { Textarea } from '@/components/ui/textarea';
import { toast } from '@/components/ui/toaster';
import type { HttpTargetView } from '@/server/domain/catalog-views';
import { type CredentialDraft, toCredentials } from './credential-draft';
import { CredentialFields } from './credential-fields';
import { HttpChoices } from './http-choices';
import { listOf, typed } from './line-list';

/** Registers an HTTP service with its OpenAPI document, or changes how a known one is reached. */
export function HttpTargetDialog({ target, trigger }: { target?: HttpTargetView; trigger: ReactNode }) {
  const [open, setOpen] = useState(false);
  const [name, setName] = useState(target?.name ?? '');
  const [baseUrl, setBaseUrl] = useState(target?.baseUrl ?? '');
  const [openapi, setOpenapi] = useState('');
  const [credential, setCredential] = useState<CredentialDraft>({
    kind: target ? 'keep' : 'bearer',
    name: '',
    secret: '',
  });
  const [allowPrivate, setAllowPrivate] = useState(target?.allowPrivate.join('\n') ?? '');
  const [allowed, setAllowed] = useState({
    probe: target?.probe ?? false,
    idempotencyKey: target?.idempotencyKey ?? false,
  });
  const { apply, busy, error, reset } = useApply();
  const form = useId();
  const change = (next: boolean) => {
    setOpen(next);
    setCredential({ kind: target ? 'keep' : 'bearer', name: '', secret: '' });
    reset();
  };
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    const entry = {
      name: name.trim(),
      kind: 'http',
      baseUrl: baseUrl.trim(),
      allowPrivate: listOf(allowPrivate),
      ...allowed,
      ...(openapi.trim() === '' ? {} : { openapi }),
      ...toCredentials(credential),
    };
    const tool = { name: `${entry.name}.call`, kind: 'http', execution: 'broker', target: entry.name };
    const result = await apply({ targets: [entry], ...(target ? {} : { tools: [tool] }) });
    if (result === null) return;
    change(false);
    toast.success(target ? `${entry.name} is saved` : `${entry.name} is registered`);
  };
  return (
    <Dialog
      open={open}
      onOpenChange={change}
      trigger={trigger}
      width="md"
      title={target ? `Set up ${target.name}` : 'Register a service'}
      description="Agents plan calls of the operations its OpenAPI document has, and nothing else; Holdpoint sends what is released."
      footer={
        <>
          <Button onClick={() => change(false)}>Cancel</Button>
          <Button type="submit" form={form} variant="primary" busy={busy}>
            {busy ? 'Looking at it …' : target ? 'Save and check' : 'Register and check'}
          </Button>
        </>
      }
    >
      <form id={form} onSubmit={submit} className="space-y-5">
        {target ? null : (
          <Field
            label="Name"
            hint="What people and agents call it. Its tool is called like it, with .call behind."
          >
            {(control) => (
              <Input
                {...control}
                required
                maxLength={95}
                autoComplete="off"
                placeholder="billing"
                {...typed(name, setName)}
              />
            )}
          </Field>
        )}
        <Field label="Base URL" hint="Where the paths of the document begin.">
          {(control) => (
            <Input
              {...control}
              required
              autoComplete="off"
              spellCheck={false}
              className="font-mono text-sm"
              placeholder="https://api.example.com/v1"
              {...typed(baseUrl, setBaseUrl)}
            />
          )}
        </Field>
        <Field
          label="OpenAPI document"
          hint={
            target
              ? 'Leave it empty to keep the one it has.'
              : 'Version 3.0 or 3.1, as JSON or YAML, without references to other files.'
          }
        >
          {(control) => (
            <Textarea
              {...control}
              required={!target}
              rows={8}
              spellCheck={false}
              className="font-mono text-sm"
              {...typed(openapi, setOpenapi)}
            />
          )}
        </Field>
        <CredentialFields draft={credential} onChange={setCredential} isKnown={target !== undefined} />
        <Field
          label="Private addresses it may have"
          hint="One address or network per line. Only public addresses are reached unless they stand here."
        >
          {(control) => (
            <Textarea
              {...control}
              rows={2}
              spellCheck={false}
              className="font-mono text-sm"
              {...typed(allowPrivate, setAllowPrivate)}
            />
          )}
        </Field>
        <HttpChoices allowed={allowed} onChange={setAllowed} />
        {error ? (
          <Callout tone="danger" role="alert">
            {error}
          </Callout>
        ) : null}
      </form>
    </Dialog>
  );
}
