import { PencilLine } from 'lucide-react';
import { Card } from '@/components/ui/card';
import { Link } from '@/components/ui/link';
import { RelativeTime } from '@/components/ui/relative-time';
import type { DraftSummary } from '@/server/domain/policy-views';

/** What is being written and judges nothing yet. */
export function DraftList({ drafts }: { drafts: readonly DraftSummary[] }) {
  return (
    <Card id="drafts" title="Drafts" flush>
      <ul className="divide-y divide-line">
        {drafts.map((draft) => (
          <li key={draft.draftId}>
            <Link
              href={`/policy/drafts/${draft.draftId}`}
              className="flex min-h-12 flex-wrap items-center gap-x-3 gap-y-1 px-4 py-2 hover:bg-hover focus-visible:-outline-offset-2 sm:px-5"
            >
              <PencilLine aria-hidden className="size-4 text-faint" />
              <span className="font-medium">{draft.name}</span>
              <span className="text-soft text-sm">by {draft.editors.join(', ')}</span>
              <span className="ml-auto text-faint text-sm">
                changed <RelativeTime at={draft.updatedAt} />
              </span>
            </Link>
          </li>
        ))}
      </ul>
    </Card>
  );
}
