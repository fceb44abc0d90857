'use client';
import { useVirtualizer } from '@tanstack/react-virtual';
import { useEffect, useRef } from 'react';
import { classLook } from '@/components/ui/class-look';
import { cn } from '@/components/ui/cn';
import type { RowView } from '@/server/domain/views';
import { type Column, keyWidthOf } from './row-columns';
import { ROW_HEIGHT, RowLine } from './row-line';

/** How many rows before the end the next page is asked for. */
const AHEAD = 20;

function HeadCell({ column }: { column: Column }) {
  const { icon: Icon, hue, means } = classLook(column.classification);
  return (
    <th
      scope="col"
      title={`${column.classification}: ${means}`}
      className="sticky top-0 z-[2] border-line border-b bg-sunken px-3 text-left font-normal"
    >
      <span className="flex items-center gap-1.5">
        <Icon aria-hidden className="size-3.5 shrink-0" style={{ color: hue }} />
        <span
          className={cn('truncate font-mono text-xs', column.changes ? 'font-medium text-ink' : 'text-faint')}
        >
          {column.column}
        </span>
        <span className="sr-only">
          , {column.classification}
          {column.changes ? ', changes' : ''}
        </span>
      </span>
    </th>
  );
}

const Spacer = ({ height, span }: { height: number; span: number }) =>
  height > 0 ? (
    <tr aria-hidden>
      <td colSpan={span} style={{ height }} />
    </tr>
  ) : null;

/** The rows, drawn only where one looks: a hundred thousand scroll like ten. */
export function RowGrid({
  rows,
  columns,
  label,
  hasMore,
  onMore,
  onReveal,
}: {
  rows: RowView[];
  columns: Column[];
  label: string;
  hasMore: boolean;
  onMore: () => void;
  onReveal?: (() => void) | undefined;
}) {
  const box = useRef<HTMLElement>(null);
  const height = ROW_HEIGHT[rows[0]?.operation ?? 'read'];
  const virtual = useVirtualizer({
    count: rows.length + (hasMore ? 1 : 0),
    getScrollElement: () => box.current,
    estimateSize: () => height,
    overscan: 8,
  });
  const items = virtual.getVirtualItems();
  const last = items.at(-1)?.index ?? 0;
  useEffect(() => {
    if (hasMore && last >= rows.length - AHEAD) onMore();
  }, [hasMore, last, rows.length, onMore]);
  const above = items[0]?.start ?? 0;
  const below = virtual.getTotalSize() - (items.at(-1)?.end ?? 0);
  const keyWidth = keyWidthOf(rows);
  const width = keyWidth + columns.reduce((sum, column) => sum + column.wide, 0);
  return (
    <section
      ref={box}
      aria-label={label}
      // biome-ignore lint/a11y/noNoninteractiveTabindex: a box that scrolls must be reachable by keyboard
      tabIndex={0}
      className="relative max-h-[27rem] overflow-auto overscroll-contain focus-visible:-outline-offset-2"
    >
      <table
        aria-rowcount={hasMore ? -1 : rows.length + 1}
        className="min-w-full table-fixed border-separate border-spacing-0"
        style={{ width }}
      >
        <caption className="sr-only">{label}</caption>
        <colgroup>
          <col style={{ width: keyWidth }} />
          {columns.map((column) => (
            <col key={column.column} style={{ width: column.wide }} />
          ))}
        </colgroup>
        <thead>
          <tr aria-rowindex={1} className="h-9">
            <th
              scope="col"
              className="sticky top-0 left-0 z-[3] border-line border-r border-b bg-sunken px-3 text-left font-normal text-faint text-xs"
            >
              Key
            </th>
            {columns.map((column) => (
              <HeadCell key={column.column} column={column} />
            ))}
          </tr>
        </thead>
        <tbody>
          <Spacer height={above} span={columns.length + 1} />
          {items.map((item) => {
            const row = rows[item.index];
            return row ? (
              <RowLine key={item.key} row={row} columns={columns} index={item.index} onReveal={onReveal} />
            ) : (
              <tr key={item.key} style={{ height }}>
                <td colSpan={columns.length + 1} className="animate-breathe bg-sunken">
                  <span className="sr-only">Loading more rows</span>
                </td>
              </tr>
            );
          })}
          <Spacer height={below} span={columns.length + 1} />
        </tbody>
      </table>
    </section>
  );
}
