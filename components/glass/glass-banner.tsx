'use client';
import { useQuery } from '@tanstack/react-query';
import { Hammer } from 'lucide-react';
import { hasRole, useMe } from '@/components/api/me';
import { useTRPC } from '@/components/api/trpc';
import { useFirst } from '@/components/api/use-first';
import { Link } from '@/components/ui/link';
import type { BrokenGlassView } from '@/server/domain/views';

/** Across every page of those who answer for the workspace, until the last review of a broken glass is closed. */
export function GlassBanner({ first }: { first: BrokenGlassView[] | undefined }) {
  const me = useMe();
  const mayClose = hasRole(me, 'owner', 'security_lead');
  const asked = useTRPC().glass.list.queryOptions({}, { enabled: mayClose });
  const reviews = useQuery({ ...asked, ...useFirst(first) });
  const open = (reviews.data ?? []).filter(
    (review) => review.closed === null && review.by.id !== me.personId,
  );
  const [latest, ...more] = open;
  if (latest === undefined) return null;
  return (
    <div role="status" className="border-danger-line border-b bg-danger-tint text-danger-text">
      <div className="flex items-start gap-3 px-4 py-2 text-base sm:items-center sm:px-6">
        <Hammer aria-hidden className="mt-0.5 size-4.5 shrink-0 sm:mt-0" />
        <p className="min-w-0 flex-1">
          <strong className="font-semibold">{latest.by.name} released an action alone</strong>
          {more.length > 0
            ? `, and there ${more.length === 1 ? 'is one more' : `are ${more.length} more`}`
            : ''}
          . It stays open until somebody else has looked at it.
        </p>
        <Link
          href={`/actions/${latest.actionId}`}
          className="min-h-6 shrink-0 font-medium underline underline-offset-2"
        >
          Review it
        </Link>
      </div>
    </div>
  );
}
