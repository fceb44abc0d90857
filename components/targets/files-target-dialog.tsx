'use client';
import { type FormEvent, type ReactNode, useId, useState } from 'react';
import { useApply } from '@/components/apply/use-apply';
import { Button } from '@/components/ui/button';
import { Callout } from '@/components/ui/callout';
import { Checkbox } from '@/components/ui/checkbox';
import { Dialog } from '@/components/ui/dialog';
import { Field } from '@/components/ui/field';
import { Input } from '@/components/ui/input';
import { Textarea } from '@/components/ui/textarea';
import { toast } from '@/components/ui/toaster';
import type { FilesTargetView } from '@/server/domain/catalog-views';
import { listOf, typed } from './line-list';

const classesOf = (text: string): Record<string, string> =>
  Object.fromEntries(
    listOf(text).map((line) => {
      const at = line.lastIndexOf(':');
      return at < 0 ? [line, ''] : [line.slice(0, at).trim(), line.slice(at + 1).trim()];
    }),
  );
const writeClasses = (classes: Readonly<Record<string, string>>): string =>
  Object.entries(classes)
    .map(([glob, name]) => `${glob}: ${name}`)
    .join('\n');

/** Registers a folder of the broker's machine, or changes what of a known one can be reached. */
export function FilesTargetDialog({ target, trigger }: { target?: FilesTargetView; trigger: ReactNode }) {
  const [open, setOpen] = useState(false);
  const [name, setName] = useState(target?.name ?? '');
  const [root, setRoot] = useState(target?.root ?? '');
  const [include, setInclude] = useState(target?.include.join('\n') ?? '**');
  const [exclude, setExclude] = useState(target?.exclude.join('\n') ?? '');
  const [classes, setClasses] = useState(writeClasses(target?.classes ?? {}));
  const [readOnly, setReadOnly] = useState(target?.readOnly ?? false);
  const [hidden, setHidden] = useState(target?.hidden ?? false);
  const { apply, busy, error, reset } = useApply();
  const form = useId();
  const change = (next: boolean) => {
    setOpen(next);
    reset();
  };
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    const entry = {
      name: name.trim(),
      kind: 'files',
      root: root.trim(),
      include: listOf(include),
      exclude: listOf(exclude),
      classes: classesOf(classes),
      readOnly,
      hidden,
    };
    const tool = { name: `${entry.name}.files`, kind: 'files', execution: 'broker', target: entry.name };
    const result = await apply({ targets: [entry], ...(target ? {} : { tools: [tool] }) });
    if (result === null) return;
    change(false);
    toast.success(target ? `${entry.name} is saved` : `${entry.name} is registered`);
  };
  const lines = { rows: 3, spellCheck: false, className: 'font-mono text-sm' };
  return (
    <Dialog
      open={open}
      onOpenChange={change}
      trigger={trigger}
      width="md"
      title={target ? `Set up ${target.name}` : 'Register a folder'}
      description="A tree on the machine Holdpoint runs on. Nothing outside of it is ever reached, through links neither."
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
            hint="What people and agents call it. Its tool is called like it, with .files behind."
          >
            {(control) => (
              <Input
                {...control}
                required
                maxLength={94}
                autoComplete="off"
                placeholder="handbook"
                {...typed(name, setName)}
              />
            )}
          </Field>
        )}
        <Field
          label="Root"
          hint="The absolute path of the folder. In a git repository, what is committed can be brought back."
        >
          {(control) => (
            <Input
              {...control}
              required
              autoComplete="off"
              spellCheck={false}
              className="font-mono text-sm"
              placeholder="/srv/handbook"
              {...typed(root, setRoot)}
            />
          )}
        </Field>
        <Field label="What can be reached" hint="One pattern per line, like docs/**/*.md. ** is everything.">
          {(control) => <Textarea {...control} {...lines} required {...typed(include, setInclude)} />}
        </Field>
        <Field label="But not" hint="One pattern per line.">
          {(control) => <Textarea {...control} {...lines} {...typed(exclude, setExclude)} />}
        </Field>
        <Field
          label="What kind of data it holds"
          hint="One pattern and class per line, like people/**: personal. The longest pattern that fits counts; files without one count as sensitive."
        >
          {(control) => <Textarea {...control} {...lines} {...typed(classes, setClasses)} />}
        </Field>
        <Checkbox
          label="Nothing may be changed in it"
          checked={readOnly}
          onChange={(event) => setReadOnly(event.target.checked)}
        />
        <Checkbox
          label="Names that begin with a dot can be reached"
          checked={hidden}
          onChange={(event) => setHidden(event.target.checked)}
        />
        {error ? (
          <Callout tone="danger" role="alert">
            {error}
          </Callout>
        ) : null}
      </form>
    </Dialog>
  );
}
