import type { ReactNode } from 'react';
import { errorWords } from '@/components/api/error-words';
import { Callout } from '@/components/ui/callout';
import { Card } from '@/components/ui/card';
import { cn } from '@/components/ui/cn';
import { Link } from '@/components/ui/link';
import { ListSkeleton } from './list-skeleton';

/** The page of one thing: the way back to the list it is in, and the thing itself once it is read, or why it cannot be. */
export function DetailPage<Thing>({
  back,
  query,
  loading,
  retry,
  wide = false,
  children,
}: {
  back: { href: string; label: string };
  query: { data: Thing | undefined; error: unknown };
  /** What is read meanwhile. */
  loading: string;
  /** Offered beside an error. */
  retry?: ReactNode;
  wide?: boolean;
  children: (thing: Thing) => ReactNode;
}) {
  const { data, error } = query;
  return (
    <div className={cn('mx-auto w-full', wide ? 'max-w-[84rem]' : 'max-w-[64rem]')}>
      <p className="pb-2 text-sm">
        <Link href={back.href} className="text-soft hover:text-ink">
          ← {back.label}
        </Link>
      </p>
      {data !== undefined ? (
        children(data)
      ) : error ? (
        <Callout tone="danger" role="alert" action={retry}>
          {errorWords(error)}
        </Callout>
      ) : (
        <Card flush>
          <ListSkeleton label={loading} />
        </Card>
      )}
    </div>
  );
}
