import { cookies, headers } from 'next/headers';
import { cache } from 'react';
import type { ReviewerScope } from '@/server/domain/scopes';
import type { Caller, Inside } from './inside';

/** The main process, as pages reach it. Throws when there is none: a page rendered by `next start` alone could not know who asks. */
export function inside(): Inside {
  const found = globalThis.__holdpointInside;
  if (found === undefined) {
    throw new Error('Pages are served by server/main.ts; start Holdpoint with `npm start` or `npm run dev`.');
  }
  return found;
}

/** The person this request's session belongs to, or null. Asked once per request, however many components ask. */
export const getViewer = cache(async (): Promise<ReviewerScope | null> => {
  const header = (await cookies())
    .getAll()
    .map(({ name, value }) => `${name}=${value}`)
    .join('; ');
  return inside().findViewer(header);
});

/** Where the changes of the workspace stood before anything was read for this request: from there on the page listens. */
export const getPosition = cache(async (): Promise<string | null> => {
  const viewer = await getViewer();
  return viewer === null ? null : inside().positionOf(viewer.workspaceId);
});

/** The API as this request's person sees it: `await (await serverCaller()).review.get({ actionId })`. Errors carry tRPC's `code`. */
export async function serverCaller(): Promise<Caller> {
  await getPosition();
  return inside().callerFor(await getViewer());
}

/** Where this request comes from, as the main process saw it: it overwrites the header, whatever a client sent. */
export async function requestOrigin(): Promise<{ address: string; userAgent: string | null }> {
  const all = await headers();
  return { address: all.get('x-holdpoint-address') ?? 'unknown', userAgent: all.get('user-agent') };
}
