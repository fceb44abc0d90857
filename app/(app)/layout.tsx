import type { ReactNode } from 'react';
import { ApiProvider } from '@/components/api/api-provider';
import { LiveProvider } from '@/components/api/live';
import { MeProvider } from '@/components/api/me';
import { AppShell } from '@/components/shell/app-shell';
import { getPosition, getViewer, serverCaller } from '@/server/api/bridge';
import type { Role } from '@/server/domain/vocabulary';
import { readFirst } from './require-viewer';

const CLOSES_REVIEWS: readonly Role[] = ['owner', 'security_lead'];

/** The signed-in part. Without a person there is no shell: every page below sends them to sign in, knowing where they wanted to go. */
export default async function SignedInLayout({ children }: { children: ReactNode }) {
  if ((await getViewer()) === null) return children;
  const me = await (await serverCaller()).me.get();
  const [counts, halts, glass] = await Promise.all([
    readFirst((api) => api.review.counts()),
    readFirst((api) => api.halt.list()),
    me.roles.some((role) => CLOSES_REVIEWS.includes(role))
      ? readFirst((api) => api.glass.list({}))
      : undefined,
  ]);
  return (
    <ApiProvider>
      <MeProvider me={me}>
        <LiveProvider from={await getPosition()}>
          <AppShell first={{ counts, halts, glass }}>{children}</AppShell>
        </LiveProvider>
      </MeProvider>
    </ApiProvider>
  );
}
