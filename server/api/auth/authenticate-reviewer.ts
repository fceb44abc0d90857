import type { ReviewerScope } from '@/server/domain/scopes';
import type { Deps } from '@/server/operations/deps';
import { identifySession } from '@/server/operations/identify-session';
import { mintReviewerScope } from './mint-scopes';
import { type SessionCookie, sessionIdIn } from './session-cookie';

export type AuthenticateReviewer = (cookieHeader: string | undefined) => Promise<ReviewerScope | null>;

/**
 * Proves who a person is. The cookie only names a session; everything else (roles, clearances, whether it may be used at all) is read from
 * the database on every request, so revoking works at once.
 */
export function createAuthenticateReviewer(
  world: Pick<Deps, 'db'>,
  cookie: SessionCookie,
): AuthenticateReviewer {
  return async (cookieHeader) => {
    const sessionId = await sessionIdIn(cookieHeader, cookie);
    if (sessionId === null) return null;
    const session = await identifySession(world, sessionId);
    return session === null ? null : mintReviewerScope(session);
  };
}
