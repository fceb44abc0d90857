import type { ReactNode } from 'react';
import { ApiProvider } from '@/components/api/api-provider';
import { LiveProvider } from '@/components/api/live';
import { MeProvider } from '@/components/api/me';
import { AppShell } from '@/components/shell/app-shell';
import { getViewer, serverCaller } from '@/server/api/bridge';

/** The signed-in part. Without a person there is no shell: every page below sends them to sign in, knowing where they wanted to go. */
export default async function SignedInLayout({ children }: { children: ReactNode }) {
  if ((await getViewer()) === null) return children;
  const me = await (await serverCaller()).me.get();
  return (
    <ApiProvider>
      <MeProvider me={me}>
        <LiveProvider>
          <AppShell>{children}</AppShell>
        </LiveProvider>
      </MeProvider>
    </ApiProvider>
  );
}
