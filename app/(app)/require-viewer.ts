import { redirect } from 'next/navigation';
import { getViewer, serverCaller } from '@/server/api/bridge';
import type { Caller } from '@/server/api/inside';

/** Sends whoever is not signed in to the sign-in page and back to `path` afterwards: links from messages lead where they say. */
export async function requireViewer(path: string): Promise<void> {
  if ((await getViewer()) === null) redirect(`/sign-in?callbackUrl=${encodeURIComponent(path)}`);
}

/** What a page shows at once, read on the server. Undefined when it cannot be read: then the browser asks, and shows why. */
export async function readFirst<T>(read: (api: Caller) => Promise<T>): Promise<T | undefined> {
  return read(await serverCaller()).catch(() => undefined);
}
