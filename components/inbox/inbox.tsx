'use client';
import { useRouter } from 'next/navigation';
import { useRef, useState } from 'react';
import { TabPanel, Tabs } from '@/components/ui/tabs';
import { useHotkeys } from '@/components/ui/use-hotkeys';
import type { ActionListItem, InboxCounts } from '@/server/domain/views';
import type { InboxView } from '@/server/domain/vocabulary';
import { HoldList } from './hold-list';
import { HoldRowSkeleton } from './hold-row';
import { InboxEmpty } from './inbox-empty';
import type { InboxFilters } from './inbox-filters';
import { InboxToolbar } from './inbox-toolbar';
import { SavedViews } from './saved-views';

const capped = (count: number, cap: number): string => (count >= cap ? `${cap - 1}+` : String(count));
/** Unknown once either number is only known to be large. */
const othersOf = (counts: InboxCounts | null): string | null =>
  counts === null || counts.held >= counts.cap ? null : String(counts.held - counts.needsMe);
const LABELS: Record<InboxView, string> = {
  'needs-you': 'Needs you',
  others: 'Waiting for others',
  held: 'All held',
  decided: 'Recently decided',
};

/** The queue with its three views, filters and keys. */
export function Inbox({
  items,
  counts,
  filters,
  fresh,
  agents,
  hasMore,
  onMore,
  onFilters,
}: {
  /** Null while the first page is under way. */
  items: ActionListItem[] | null;
  counts: InboxCounts | null;
  filters: InboxFilters;
  fresh: ReadonlySet<string>;
  agents: { id: string; name: string }[];
  hasMore: boolean;
  onMore: () => void;
  onFilters: (change: Partial<InboxFilters>) => void;
}) {
  const router = useRouter();
  const search = useRef<HTMLInputElement>(null);
  const [selected, setSelected] = useState<string | null>(null);
  const [scrollTo, setScrollTo] = useState<string | null>(null);
  const move = (step: number) => {
    if (!items || items.length === 0) return;
    const at = items.findIndex((item) => item.actionId === selected);
    const next = items[Math.min(items.length - 1, Math.max(0, at + step))] ?? items[0];
    setSelected(next?.actionId ?? null);
    setScrollTo(next?.actionId ?? null);
  };
  useHotkeys({
    j: () => move(1),
    k: () => move(-1),
    arrowdown: () => move(1),
    arrowup: () => move(-1),
    '/': () => search.current?.focus(),
    ...(selected ? { enter: () => router.push(`/actions/${selected}`) } : {}),
  });
  const filtered = filters.level !== null || filters.agent !== null || filters.q !== '';
  return (
    <section
      aria-label="Planned actions"
      className="overflow-clip rounded-xl border border-line bg-surface shadow-card"
    >
      <Tabs
        label="Views"
        listClassName="px-4 pt-1 sm:px-5"
        value={filters.view}
        onValueChange={(view) => {
          setSelected(null);
          onFilters({ view: view as InboxView });
        }}
        tabs={[
          {
            value: 'needs-you',
            label: LABELS['needs-you'],
            count: counts ? capped(counts.needsMe, counts.cap) : null,
          },
          { value: 'others', label: LABELS.others, count: othersOf(counts) },
          { value: 'held', label: LABELS.held, count: counts ? capped(counts.held, counts.cap) : null },
          { value: 'decided', label: LABELS.decided },
        ]}
        aside={<SavedViews filters={filters} onApply={onFilters} />}
      >
        <TabPanel value={filters.view} tabIndex={-1}>
          <InboxToolbar filters={filters} agents={agents} search={search} onChange={onFilters} />
          {items === null ? (
            <div role="status" aria-label="Loading planned actions">
              {['a', 'b', 'c', 'd', 'e'].map((key) => (
                <HoldRowSkeleton key={key} />
              ))}
            </div>
          ) : items.length === 0 ? (
            <InboxEmpty
              view={filters.view}
              filtered={filtered}
              held={counts?.held ?? 0}
              onClear={() => onFilters({ level: null, agent: null, q: '' })}
              onShowHeld={() => onFilters({ view: 'held' })}
            />
          ) : (
            <HoldList
              items={items}
              fresh={fresh}
              selected={selected}
              scrollTo={scrollTo}
              label={LABELS[filters.view]}
              hasMore={hasMore}
              onMore={onMore}
              onSelect={setSelected}
            />
          )}
        </TabPanel>
      </Tabs>
    </section>
  );
}
