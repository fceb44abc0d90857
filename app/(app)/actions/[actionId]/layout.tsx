import { headers } from 'next/headers';
import { type ReactNode, Suspense } from 'react';
import { ActionSkeleton } from '@/components/action/action-skeleton';

/**
 * Somebody who opens a link is sent the page whole: a skeleton in front of it would only be swapped for it while it is being read. Within the
 * application the skeleton answers the click.
 */
export default async function ActionLayout({ children }: { children: ReactNode }) {
  const opened = (await headers()).get('sec-fetch-dest') === 'document';
  return opened ? children : <Suspense fallback={<ActionSkeleton />}>{children}</Suspense>;
}
