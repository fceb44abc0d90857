'use client';
import { useWindowVirtualizer } from '@tanstack/react-virtual';
import {
  type Key,
  useDeferredValue,
  useEffect,
  useLayoutEffect,
  useRef,
  useState,
  useSyncExternalStore,
} from 'react';
import type { ActionListItem } from '@/server/domain/views';
import { HoldRow } from './hold-row';
import { useStillWhilePressed } from './use-still-while-pressed';

const AHEAD = 12;
/** As many as most screens show at once. */
const FIRST = 10;
/** How high rows were when the queue was last left: whoever comes back finds each where it was. */
const heights = new Map<Key, number>();
const noChange = () => () => undefined;

type Props = {
  items: ActionListItem[];
  fresh: ReadonlySet<string>;
  selected: string | null;
  /** The row a key moved to. A row that was pressed or focused is on screen already: scrolling then would move it from under the finger. */
  scrollTo: string | null;
  label: string;
  hasMore: boolean;
  onMore: () => void;
  onSelect: (actionId: string) => void;
};

/**
 * The queue, drawn only where one looks; its first rows are in the document itself, there before any script. What arrives above the first
 * visible row moves the scroll position with it, and nothing arrives between press and release: nothing jumps under a finger.
 */
export function HoldList({
  items: latest,
  fresh,
  selected,
  scrollTo,
  label,
  hasMore,
  onMore,
  onSelect,
}: Props) {
  const hydrated = useSyncExternalStore(
    noChange,
    () => true,
    () => false,
  );
  // In the document only the first rows; those beyond follow when nothing more urgent waits. Whoever comes back finds them all at once.
  const started = useDeferredValue(hydrated);
  const list = useRef<HTMLUListElement>(null);
  const { still: items, onPointerDown } = useStillWhilePressed(latest);
  const [margin, setMargin] = useState(0);
  // Not asked while drawing: the browser has to lay out the whole page to answer. What stands above comes and goes as the items do.
  // biome-ignore lint/correctness/useExhaustiveDependencies: see above.
  useLayoutEffect(() => {
    if (started) setMargin(list.current?.offsetTop ?? 0);
  }, [started, items]);
  const virtual = useWindowVirtualizer({
    count: items.length,
    estimateSize: (index) => heights.get(items[index]?.actionId ?? '') ?? 69,
    overscan: 8,
    enabled: started,
    // Known before it is measured, so that the rows are drawn with the rest and not once more after it.
    initialRect: { width: 0, height: typeof window === 'undefined' ? 0 : window.innerHeight },
    scrollMargin: margin,
    getItemKey: (index) => items[index]?.actionId ?? index,
  });
  useEffect(
    () => () => {
      heights.clear();
      for (const { key, size } of virtual.measurementsCache) heights.set(key, size);
    },
    [virtual],
  );
  const drawn = virtual.getVirtualItems();
  const last = drawn.at(-1)?.index ?? 0;
  const rows: { index: number; start: number | null }[] = started
    ? drawn
    : items.slice(0, FIRST).map((_, index) => ({ index, start: null }));
  const top = useRef<string | undefined>(undefined);
  useLayoutEffect(() => {
    const moved = top.current === undefined ? 0 : items.findIndex((item) => item.actionId === top.current);
    top.current = items[0]?.actionId;
    const start = virtual.measurementsCache[moved]?.start;
    const origin = virtual.measurementsCache[0]?.start;
    const scrolledPast = moved > 0 && window.scrollY > (list.current?.offsetTop ?? 0);
    if (scrolledPast && start !== undefined && origin !== undefined) {
      window.scrollBy(0, start - origin);
    }
  }, [items, virtual]);
  useEffect(() => {
    if (hasMore && last >= items.length - AHEAD) onMore();
  }, [hasMore, last, items.length, onMore]);
  const shown = useRef<string | null>(null);
  useEffect(() => {
    // Only when another row is chosen: a list that moves must not drag the page along.
    if (shown.current === scrollTo) return;
    shown.current = scrollTo;
    const index = items.findIndex((item) => item.actionId === scrollTo);
    if (index >= 0) virtual.scrollToIndex(index, { align: 'auto' });
  }, [scrollTo, items, virtual]);
  return (
    <ul
      ref={list}
      aria-label={label}
      className="relative"
      {...(started ? { style: { height: virtual.getTotalSize() } } : {})}
      onPointerDown={onPointerDown}
    >
      {rows.map((row) => {
        const item = items[row.index];
        return item ? (
          <li
            key={item.actionId}
            ref={started ? virtual.measureElement : null}
            data-index={row.index}
            aria-setsize={hasMore ? -1 : items.length}
            aria-posinset={row.index + 1}
            // In the order of the document until they are measured: then where they belong, which is the same place.
            {...(row.start === null
              ? {}
              : {
                  className: 'absolute top-0 left-0 w-full',
                  style: { transform: `translateY(${row.start - virtual.options.scrollMargin}px)` },
                })}
          >
            <HoldRow
              item={item}
              selected={item.actionId === selected}
              fresh={fresh.has(item.actionId)}
              onSelect={onSelect}
            />
          </li>
        ) : null;
      })}
    </ul>
  );
}
