import { KeyRound, Minus, Plus } from 'lucide-react';
import { InertText } from '@/components/agent-words/inert-text';
import { cn } from '@/components/ui/cn';
import type { RowView } from '@/server/domain/views';
import { Cell, CellPair } from './cell';
import type { Column } from './row-columns';

export const ROW_HEIGHT = { update: 56, read: 36, insert: 36, delete: 36 } as const;

const SIGNS = {
  insert: { icon: Plus, word: 'inserted', look: 'bg-good-tint text-good-text' },
  delete: { icon: Minus, word: 'deleted', look: 'bg-danger-tint text-danger-text' },
} as const;

function KeyCell({ row }: { row: RowView }) {
  const sign = row.operation === 'insert' || row.operation === 'delete' ? SIGNS[row.operation] : null;
  const Icon = sign?.icon ?? KeyRound;
  return (
    <th
      scope="row"
      className={cn(
        'sticky left-0 z-[1] border-line border-r border-b px-3 text-left font-mono font-normal text-sm',
        sign?.look ?? 'bg-surface text-soft',
      )}
    >
      <span className="flex items-center gap-1.5">
        <Icon aria-hidden className="size-3 shrink-0 opacity-70" />
        {sign ? <span className="sr-only">{sign.word} </span> : null}
        <span className="truncate">
          <InertText text={row.key} />
        </span>
      </span>
    </th>
  );
}

/** One row: a single line for what is read, added or removed; before over after for what changes. */
export function RowLine({
  row,
  columns,
  index,
  onReveal,
}: {
  row: RowView;
  columns: Column[];
  index: number;
  onReveal?: (() => void) | undefined;
}) {
  const cells = row.operation === 'delete' ? row.before : row.after;
  return (
    <tr aria-rowindex={index + 2} style={{ height: ROW_HEIGHT[row.operation] }}>
      <KeyCell row={row} />
      {columns.map((column) => {
        const differs = row.changed.includes(column.index);
        return (
          <td
            key={column.column}
            className={cn(
              'max-w-0 truncate border-line border-b px-3 font-mono text-sm',
              row.operation === 'delete' && 'bg-danger-tint/40',
              row.operation === 'update' && !differs && 'text-faint',
            )}
          >
            {differs ? (
              <CellPair
                before={row.before?.[column.index]}
                after={row.after?.[column.index]}
                onReveal={onReveal}
              />
            ) : (
              <Cell cell={cells?.[column.index]} onReveal={onReveal} />
            )}
          </td>
        );
      })}
    </tr>
  );
}
