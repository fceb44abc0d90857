'use client';
import { type FormEvent, type ReactNode, useId, useState } from 'react';
import { useApply } from '@/components/apply/use-apply';
import { Button } from '@/components/ui/button';
import { Callout } from '@/components/ui/callout';
import { Checkbox } from '@/components/ui/checkbox';
import { Dialog } from '@/components/ui/dialog';
import { Field } from '@/components/ui/field';
import { Input } from '@/components/ui/input';
import { toast } from '@/components/ui/toaster';

export type TargetDraft = { name: string; searchPath: string[] };

/** Registers a database with the role Holdpoint uses there, or gives a known one another connection. */
export function TargetDialog({ target, trigger }: { target?: TargetDraft; trigger: ReactNode }) {
  const [open, setOpen] = useState(false);
  const [name, setName] = useState(target?.name ?? '');
  const [connection, setConnection] = useState('');
  const [searchPath, setSearchPath] = useState(target?.searchPath.join(', ') ?? 'public');
  const [withTool, setWithTool] = useState(true);
  const { apply, busy, error, problemAt, reset } = useApply();
  const form = useId();
  const change = (next: boolean) => {
    setOpen(next);
    setConnection('');
    reset();
  };
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    const entry = {
      name: name.trim(),
      kind: 'postgres',
      searchPath: searchPath.split(',').map((schema) => schema.trim()),
      ...(connection.trim() === '' ? {} : { connection: connection.trim() }),
    };
    const tool = { name: `${entry.name}.sql`, kind: 'sql', execution: 'broker', target: entry.name };
    const result = await apply({ targets: [entry], ...(!target && withTool ? { tools: [tool] } : {}) });
    if (result === null) return;
    change(false);
    toast.success(target ? `${entry.name} is saved` : `${entry.name} is registered`, {
      description: result.warnings.length > 0 ? 'Looking at it found something: see its page.' : undefined,
    });
  };
  const atField = ['/name', '/connection', '/searchPath'].some((end) => problemAt(end));
  return (
    <Dialog
      open={open}
      onOpenChange={change}
      trigger={trigger}
      width="md"
      title={target ? `Connection of ${target.name}` : 'Register a database'}
      description="Holdpoint runs what is released itself, with this connection. No agent ever holds it."
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
          <Field label="Name" hint="What people and agents call it." error={problemAt('/name')}>
            {(control) => (
              <Input
                {...control}
                required
                maxLength={100}
                autoComplete="off"
                placeholder="hr"
                value={name}
                onChange={(event) => setName(event.target.value)}
              />
            )}
          </Field>
        )}
        <Field
          label="Connection"
          hint={
            target
              ? 'Leave it empty to keep the one it has. It is sealed and never shown again.'
              : 'A login role of its own that may do no more than agents should. Sealed at rest, never shown again.'
          }
          error={problemAt('/connection')}
        >
          {(control) => (
            <Input
              {...control}
              required={!target}
              maxLength={2000}
              autoComplete="off"
              spellCheck={false}
              className="font-mono text-sm"
              placeholder="postgres://hr_agent:password@db.example:5432/hr"
              value={connection}
              onChange={(event) => setConnection(event.target.value)}
            />
          )}
        </Field>
        <Field
          label="Search path"
          hint="Schemas names are looked up in, in order, separated by commas."
          error={problemAt('/searchPath')}
        >
          {(control) => (
            <Input
              {...control}
              required
              autoComplete="off"
              value={searchPath}
              onChange={(event) => setSearchPath(event.target.value)}
            />
          )}
        </Field>
        {target ? null : (
          <Checkbox
            label={
              <>
                Let agents plan SQL on it, as the tool <code>{name.trim() || 'hr'}.sql</code>
              </>
            }
            checked={withTool}
            onChange={(event) => setWithTool(event.target.checked)}
          />
        )}
        {error && !atField ? (
          <Callout tone="danger" role="alert">
            {error}
          </Callout>
        ) : null}
      </form>
    </Dialog>
  );
}
