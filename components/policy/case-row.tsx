'use client';
import { CircleCheck, CircleX, Trash2 } from 'lucide-react';
import { Button } from '@/components/ui/button';
import { Select } from '@/components/ui/select';
import { Textarea } from '@/components/ui/textarea';
import type { PolicyCaseEntry as Entry } from '@/server/domain/policy-set';

/** One case: whether it holds, and its JSON. */
export function CaseRow({
  entry,
  faults,
  onChange,
  onRemove,
}: {
  entry: Entry;
  faults: string[] | null;
  onChange: (entry: Entry) => void;
  onRemove: () => void;
}) {
  const name = `${entry.verdict}/${entry.name}`;
  return (
    <li className="px-4 py-2 sm:px-5">
      <details open={faults !== null && faults.length > 0}>
        <summary className="flex min-h-8 items-center gap-2 text-base">
          {faults === null ? null : faults.length === 0 ? (
            <CircleCheck aria-label="holds" className="size-4 text-good-text" />
          ) : (
            <CircleX aria-label="fails" className="size-4 text-danger-text" />
          )}
          <code className="text-sm">{name}</code>
        </summary>
        <div className="space-y-2 py-2">
          {faults?.map((fault) => (
            <p key={fault} className="text-danger-text text-sm">
              {fault}
            </p>
          ))}
          <Textarea
            aria-label={`Case ${name} as JSON`}
            rows={10}
            spellCheck={false}
            className="font-mono text-xs"
            value={entry.text}
            onChange={(event) => onChange({ ...entry, text: event.target.value })}
          />
          <div className="flex flex-wrap gap-2">
            <Select
              aria-label={`Verdict ${name} expects`}
              className="w-32"
              value={entry.verdict}
              onChange={(event) => onChange({ ...entry, verdict: event.target.value as Entry['verdict'] })}
            >
              <option value="allow">allow</option>
              <option value="hold">hold</option>
              <option value="deny">deny</option>
            </Select>
            <Button variant="ghost" onClick={onRemove}>
              <Trash2 /> Remove
            </Button>
          </div>
        </div>
      </details>
    </li>
  );
}
