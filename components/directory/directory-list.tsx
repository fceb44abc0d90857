'use client';
import { Search } from 'lucide-react';
import type { ReactNode } from 'react';
import { errorWords } from '@/components/api/error-words';
import { ListSkeleton } from '@/components/apply/list-skeleton';
import { MoreButton } from '@/components/apply/more-button';
import { Callout } from '@/components/ui/callout';
import { EmptyState } from '@/components/ui/empty-state';

type List<Item> = {
  items: Item[] | null;
  error: unknown;
  hasMore: boolean;
  isReadingMore: boolean;
  onMore: () => void;
};

/** One of the directory's lists with all its states; `empty` is said when there is nothing at all, not when nothing fits. */
export function DirectoryList<Item>({
  list,
  q,
  label,
  empty,
  keyOf,
  children,
}: {
  list: List<Item>;
  q: string;
  label: string;
  empty: ReactNode;
  keyOf: (item: Item) => string;
  children: (item: Item) => ReactNode;
}) {
  if (list.error) {
    return (
      <Callout tone="danger" role="alert" className="m-4">
        {errorWords(list.error)}
      </Callout>
    );
  }
  if (list.items === null) return <ListSkeleton label={`Loading ${label}`} />;
  if (list.items.length === 0) {
    return q === '' ? (
      <p className="px-4 py-8 text-base text-soft sm:px-5">{empty}</p>
    ) : (
      <EmptyState icon={<Search />} title="Nothing fits">
        Nothing here contains “{q}”.
      </EmptyState>
    );
  }
  return (
    <>
      <ul className="divide-y divide-line">
        {list.items.map((item) => (
          <li key={keyOf(item)} className="px-4 py-3 sm:px-5">
            {children(item)}
          </li>
        ))}
      </ul>
      <MoreButton list={list} />
    </>
  );
}
