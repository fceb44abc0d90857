'use client';
import { Sparkles } from 'lucide-react';
import { useState } from 'react';
import { useApply } from '@/components/apply/use-apply';
import { Button } from '@/components/ui/button';
import { Callout } from '@/components/ui/callout';
import { Card } from '@/components/ui/card';
import { counted } from '@/components/ui/number-words';
import { toast } from '@/components/ui/toaster';
import type { PostgresTargetView } from '@/server/domain/catalog-views';
import { ColumnTable } from './column-table';
import { acceptSuggestions, classify, columnTables } from './column-tables';

const isSame = (a: Readonly<Record<string, string>>, b: Readonly<Record<string, string>>): boolean =>
  Object.keys({ ...a, ...b }).every((key) => a[key] === b[key]);

/** What kind of data each column holds. Suggestions come from names and are never accepted without somebody saying so. */
export function ColumnsCard({ target, canSetUp }: { target: PostgresTargetView; canSetUp: boolean }) {
  const [draft, setDraft] = useState(target.classifications);
  const { apply, busy, error } = useApply();
  const tables = columnTables(target.check?.columns ?? [], draft);
  const suggested = acceptSuggestions(tables, draft);
  const suggestions = Object.keys(suggested).length - Object.keys(draft).length;
  const isChanged = !isSame(draft, target.classifications);
  const save = async () => {
    const entry = { name: target.name, kind: target.kind, classifications: draft };
    if ((await apply({ targets: [entry] })) !== null)
      toast.success(`The classes of ${target.name} are saved`);
  };
  if (tables.length === 0) {
    return (
      <Card id="columns" title="What it holds">
        <p className="text-base text-soft">
          Its columns are not known yet. They are listed here once the database was reached; until somebody
          classifies them, all of them count as sensitive.
        </p>
      </Card>
    );
  }
  return (
    <Card
      id="columns"
      title="What it holds"
      flush
      aside={
        canSetUp && suggestions > 0 ? (
          <Button size="sm" onClick={() => setDraft(suggested)}>
            <Sparkles /> Take {counted(suggestions, 'suggestion')}
          </Button>
        ) : null
      }
    >
      <ul className="divide-y divide-line">
        {tables.map((entry) => (
          <ColumnTable
            key={entry.table}
            entry={entry}
            canSetUp={canSetUp}
            onClassify={(key, to) => setDraft(classify(draft, key, to))}
          />
        ))}
      </ul>
      {error ? (
        <Callout tone="danger" role="alert" className="m-4">
          {error}
        </Callout>
      ) : null}
      {isChanged ? (
        <div className="sticky bottom-14 z-10 flex flex-wrap items-center justify-end gap-2 rounded-b-xl md:bottom-0 border-line border-t bg-raised px-4 py-3 sm:px-5">
          <p className="mr-auto text-soft text-sm">
            Not saved yet. What is planned on it is measured again afterwards.
          </p>
          <Button onClick={() => setDraft(target.classifications)}>Discard</Button>
          <Button variant="primary" busy={busy} onClick={save}>
            Save the classes
          </Button>
        </div>
      ) : null}
    </Card>
  );
}
