import type { Metadata } from 'next';
import { createLoader, type SearchParams } from 'nuqs/server';
import { inboxFilters } from '@/components/inbox/inbox-filters';
import { listInput } from '@/components/inbox/list-input';
import { LiveInbox } from '@/components/inbox/live-inbox';
import { PageHeader } from '@/components/ui/page-header';
import { readFirst, requireViewer } from '../require-viewer';

export const metadata: Metadata = { title: 'Inbox' };

const loadFilters = createLoader(inboxFilters);

export default async function InboxPage({ searchParams }: { searchParams: Promise<SearchParams> }) {
  await requireViewer('/inbox');
  const filters = await loadFilters(searchParams);
  const first = await readFirst((api) => api.review.list(listInput(filters)));
  return (
    <div className="mx-auto max-w-[72rem]">
      <PageHeader
        title="Inbox"
        description="What agents plan to do and may not do before a person has looked."
      />
      <LiveInbox first={first} />
    </div>
  );
}
