import { ChevronRight } from 'lucide-react';
import { useState } from 'react';
import { Badge } from '@/components/ui/badge';
import { Button } from '@/components/ui/button';
import { ClassChip } from '@/components/ui/class-chip';
import { Select } from '@/components/ui/select';
import { CLASSIFICATIONS, type Classification } from '@/server/domain/vocabulary';
import type { ColumnLine, TableLines } from './column-tables';

const CHOICES = CLASSIFICATIONS.filter((name) => name !== 'unclassified');

function ClassSelect({
  label,
  value,
  none,
  onChange,
}: {
  label: string;
  value: Classification | null;
  none: string;
  onChange: (value: Classification | null) => void;
}) {
  const own = value !== null && !(CHOICES as readonly string[]).includes(value) ? [value] : [];
  return (
    <Select
      aria-label={label}
      value={value ?? ''}
      onChange={(event) => onChange(event.target.value === '' ? null : event.target.value)}
    >
      <option value="">{none}</option>
      {[...CHOICES, ...own].map((name) => (
        <option key={name} value={name}>
          {name}
        </option>
      ))}
    </Select>
  );
}

function Line({
  line,
  canSetUp,
  onChange,
}: {
  line: ColumnLine;
  canSetUp: boolean;
  onChange: (to: Classification | null) => void;
}) {
  const shown = line.own ?? line.inherited;
  return (
    <li className="grid grid-cols-[minmax(0,1fr)_auto] items-center gap-x-4 gap-y-1.5 py-2 pr-4 pl-10 sm:grid-cols-[minmax(0,1fr)_9rem_11rem] sm:pr-5 sm:pl-11">
      <span className="min-w-0">
        <span className="block truncate font-mono text-sm">{line.name}</span>
        <span className="block truncate text-faint text-xs">{line.type}</span>
      </span>
      <span className="justify-self-end sm:justify-self-start">
        <ClassChip name={shown ?? 'unclassified'} />
      </span>
      {canSetUp ? (
        <span className="col-span-2 flex items-center gap-2 sm:col-span-1">
          <span className="min-w-0 flex-1">
            <ClassSelect
              label={`Class of ${line.column}`}
              value={line.own}
              none={line.inherited ? `${line.inherited}, as the table` : 'not classified'}
              onChange={onChange}
            />
          </span>
          {shown === null && line.suggestion ? (
            <Button size="sm" variant="ghost" onClick={() => onChange(line.suggestion)}>
              {line.suggestion}?
            </Button>
          ) : null}
        </span>
      ) : null}
    </li>
  );
}

/** One table of a target: its columns appear when it is opened. */
export function ColumnTable({
  entry,
  canSetUp,
  onClassify,
}: {
  entry: TableLines;
  canSetUp: boolean;
  onClassify: (key: string, to: Classification | null) => void;
}) {
  const [open, setOpen] = useState(false);
  const whole = entry.lines[0]?.inherited ?? null;
  return (
    <li>
      <button
        type="button"
        aria-expanded={open}
        onClick={() => setOpen(!open)}
        className="flex min-h-11 w-full flex-wrap items-center gap-x-3 gap-y-1 px-4 py-2 text-left hover:bg-hover focus-visible:-outline-offset-2 sm:px-5"
      >
        <ChevronRight
          aria-hidden
          className={`size-4 text-faint transition-transform ${open ? 'rotate-90' : ''}`}
        />
        <span className="min-w-0 flex-1 truncate font-mono text-sm">{entry.table}</span>
        {entry.open === 0 ? (
          <Badge tone="good">all classified</Badge>
        ) : (
          <Badge tone="caution">
            {entry.open} of {entry.lines.length} open
          </Badge>
        )}
      </button>
      {open ? (
        <>
          {canSetUp ? (
            <div className="flex flex-wrap items-center gap-3 bg-sunken py-2 pr-4 pl-10 sm:pr-5 sm:pl-11">
              <span className="min-w-0 flex-1 text-soft text-sm">
                Every column of it, unless said otherwise
              </span>
              <span className="w-44">
                <ClassSelect
                  label={`Class of every column of ${entry.table}`}
                  value={whole}
                  none="each by itself"
                  onChange={(to) => onClassify(`${entry.table}.*`, to)}
                />
              </span>
            </div>
          ) : null}
          <ul className="divide-y divide-line border-line border-t">
            {entry.lines.map((line) => (
              <Line
                key={line.column}
                line={line}
                canSetUp={canSetUp}
                onChange={(to) => onClassify(line.column, to)}
              />
            ))}
          </ul>
        </>
      ) : null}
    </li>
  );
}
