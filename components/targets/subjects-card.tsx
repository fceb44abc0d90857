'use client';
import { useState } from 'react';
import { useApply } from '@/components/apply/use-apply';
import { Button } from '@/components/ui/button';
import { Callout } from '@/components/ui/callout';
import { Card } from '@/components/ui/card';
import { Field } from '@/components/ui/field';
import { Textarea } from '@/components/ui/textarea';
import { toast } from '@/components/ui/toaster';
import type { PostgresTargetView } from '@/server/domain/catalog-views';
import { readSubjects, writeSubjects } from './subject-lines';

/** How each table leads to the person its rows are about: what counting people instead of rows depends on. */
export function SubjectsCard({ target, canSetUp }: { target: PostgresTargetView; canSetUp: boolean }) {
  const saved = writeSubjects(target.subjects);
  const [text, setText] = useState<string | null>(null);
  const { apply, busy, error } = useApply();
  const read = readSubjects(text ?? saved);
  const save = async () => {
    if (!read.ok) return;
    const entry = { name: target.name, kind: target.kind, subjects: read.subjects };
    if ((await apply({ targets: [entry] })) === null) return;
    setText(null);
    toast.success(`The people behind ${target.name} are saved`);
  };
  return (
    <Card
      id="subjects"
      title="Whose data it is"
      aside={
        canSetUp && text === null ? (
          <Button size="sm" onClick={() => setText(saved)}>
            Change
          </Button>
        ) : null
      }
    >
      {text === null ? (
        saved === '' ? (
          <p className="text-base text-soft">
            Nobody has said which columns identify a person, so Holdpoint cannot count the people an action
            touches. Where there is personal data it says so as <em>unknown</em>.
          </p>
        ) : (
          <pre className="whitespace-pre-wrap text-sm leading-6 [overflow-wrap:anywhere]">{saved}</pre>
        )
      ) : (
        <div className="space-y-3">
          <Field
            label="One table per line"
            hint="public.employees: id names the column that identifies a person; public.orders: customer_id -> public.customers follows a reference to another line."
            error={read.ok ? null : read.fault}
          >
            {(control) => (
              <Textarea
                {...control}
                rows={Math.min(16, Math.max(4, text.split('\n').length + 1))}
                spellCheck={false}
                className="font-mono text-sm"
                value={text}
                onChange={(event) => setText(event.target.value)}
              />
            )}
          </Field>
          {error ? (
            <Callout tone="danger" role="alert">
              {error}
            </Callout>
          ) : null}
          <div className="flex justify-end gap-2">
            <Button onClick={() => setText(null)}>Cancel</Button>
            <Button variant="primary" busy={busy} disabled={!read.ok} onClick={save}>
              Save
            </Button>
          </div>
        </div>
      )}
    </Card>
  );
}
