import { findLiveSession, type LiveSession, prolongSession } from '@/server/store/sessions';
import type { Deps } from './deps';

export type { LiveSession };

/**
 * The session and its person as they are at this moment, or null when it may not be used any more. Using a session moves its end (at most
 * once an hour, beside the request: losing that write costs nobody anything).
 */
export async function identifySession(
  deps: Pick<Deps, 'db'>,
  sessionId: string,
): Promise<LiveSession | null> {
  const session = await findLiveSession(deps.db, sessionId);
  if (session?.isDue) prolongSession(deps.db, sessionId).catch(() => undefined);
  return session;
}
