import { RefreshCw } from 'lucide-react';
import { memo } from 'react';
import { Quorum } from '@/components/decision/quorum';
import { Badge } from '@/components/ui/badge';
import { cn } from '@/components/ui/cn';
import { Deadline } from '@/components/ui/deadline';
import { LevelGlyph } from '@/components/ui/level-badge';
import { Link } from '@/components/ui/link';
import { RelativeTime } from '@/components/ui/relative-time';
import { StatusBadge } from '@/components/ui/status-badge';
import type { ActionListItem } from '@/server/domain/views';

function Aside({ item }: { item: ActionListItem }) {
  const held = item.status === 'held';
  const at = item.decidedAt ?? item.finishedAt ?? item.createdAt;
  return (
    <div className="flex shrink-0 flex-wrap items-center gap-x-5 gap-y-1 pl-7.5 sm:w-60 sm:justify-end sm:pl-0">
      {held && item.needed > 1 ? <Quorum votes={item.votes} needed={item.needed} /> : null}
      {held ? (
        item.expiresAt ? (
          <Deadline at={item.expiresAt} className="sm:w-28 sm:justify-end" />
        ) : null
      ) : (
        <>
          <StatusBadge status={item.status} />
          <RelativeTime at={at} className="text-faint text-sm sm:w-20 sm:text-right" />
        </>
      )}
    </div>
  );
}

/** One planned action in the queue: level, sentence, who, until when. The whole row is the link. */
export const HoldRow = memo(function HoldRow({
  item,
  selected,
  fresh,
  onSelect,
}: {
  item: ActionListItem;
  selected: boolean;
  /** It arrived while the page was open. */
  fresh: boolean;
  onSelect: (actionId: string) => void;
}) {
  return (
    <Link
      href={`/actions/${item.actionId}`}
      // Without anybody going there, each row would be asked for as it scrolls past.
      prefetch={false}
      data-action={item.actionId}
      onFocus={() => onSelect(item.actionId)}
      className={cn(
        'group relative flex min-h-17 flex-col justify-center gap-x-6 gap-y-2 border-line border-b py-3 pr-4 pl-4 transition-colors sm:flex-row sm:items-center sm:justify-between sm:pr-5 sm:pl-5',
        'hover:bg-hover focus-visible:-outline-offset-2',
        selected && 'bg-selected',
        fresh && 'animate-arrive',
      )}
    >
      {item.needsMe ? (
        <span
          aria-hidden
          className={cn('absolute inset-y-0 left-0 w-1', item.level === 'critical' ? 'hazard' : 'bg-hold')}
        />
      ) : null}
      <div className="flex min-w-0 gap-3">
        <LevelGlyph level={item.level} className="mt-0.5 size-4.5" />
        <div className="min-w-0">
          <p
            className={cn(
              'line-clamp-4 font-medium text-base text-pretty sm:line-clamp-2',
              item.needsMe || item.status !== 'held' ? 'text-ink' : 'text-soft',
            )}
          >
            <span className="sr-only">{item.level}: </span>
            {item.sentence}
          </p>
          <p className="mt-0.5 flex flex-wrap items-center gap-x-2 gap-y-1 text-faint text-sm">
            <span className="text-soft">{item.agent.name}</span>
            <span aria-hidden>·</span>
            <code className="text-xs">{item.tool}</code>
            <span aria-hidden>·</span>
            <span>
              {item.status === 'held' ? 'held ' : 'planned '}
              <RelativeTime at={item.heldAt ?? item.createdAt} />
            </span>
            {item.drifted ? (
              <Badge tone="hold" icon={<RefreshCw aria-hidden />}>
                Held again
              </Badge>
            ) : null}
            {fresh ? (
              <span className="inline-flex items-center gap-1 font-medium text-hold-text">
                <span aria-hidden className="size-1.5 rounded-full bg-hold" /> new
              </span>
            ) : null}
          </p>
        </div>
      </div>
      <Aside item={item} />
    </Link>
  );
});

export function HoldRowSkeleton() {
  return (
    <div className="flex min-h-17 items-center gap-3 border-line border-b px-5 py-3">
      <span className="size-4.5 animate-breathe rounded-sm bg-sunken" />
      <span className="flex flex-1 flex-col gap-2">
        <span className="h-4 w-3/5 animate-breathe rounded-sm bg-sunken" />
        <span className="h-3 w-1/3 animate-breathe rounded-sm bg-sunken" />
      </span>
      <span className="hidden h-4 w-24 animate-breathe rounded-sm bg-sunken sm:block" />
    </div>
  );
}
