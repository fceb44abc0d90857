import type { Outcome } from '@/server/domain/refusal';
import type { ReviewerScope } from '@/server/domain/scopes';
import { endSession } from '@/server/operations/end-session';
import { identifySession } from '@/server/operations/identify-session';
import {
  type SignInOrigin,
  type StartedSession,
  startProviderSession,
  startSession,
} from '@/server/operations/start-session';
import type { AuthenticateReviewer } from './auth/authenticate-reviewer';
import type { IdentityProvider } from './auth/identity-providers';
import type { SessionCookie } from './auth/session-cookie';
import { createContext, type World } from './trpc/context';
import { appRouter } from './trpc/root';

export type Caller = ReturnType<typeof appRouter.createCaller>;

/**
 * What pages may ask of the main process. Next bundles its own copies of every module, so pages never import operations: they find this
 * object on `globalThis` (server/api/bridge.ts) and only types cross. Errors cross too: look at their `code`, never use `instanceof`.
 */
export type Inside = {
  findViewer(cookieHeader: string | undefined): Promise<ReviewerScope | null>;
  callerFor(viewer: ReviewerScope | null): Caller;
  /** Where the changes of a workspace stand now: whoever reads afterwards and listens from there misses none. */
  positionOf(workspaceId: string): string;
  readonly cookie: SessionCookie;
  readonly providers: readonly IdentityProvider[];
  startSession(input: { email: string; password: string } & SignInOrigin): Promise<Outcome<StartedSession>>;
  startProviderSession(
    input: { provider: string; email: string | null; emailVerified: boolean } & SignInOrigin,
  ): Promise<Outcome<StartedSession>>;
  findSession(sessionId: string): Promise<{ name: string; email: string; expiresAt: Date } | null>;
  endSession(sessionId: string): Promise<void>;
  readonly log: World['log'];
};

declare global {
  var __holdpointInside: Inside | undefined;
}

export function createInside(parts: {
  world: World;
  authenticateReviewer: AuthenticateReviewer;
  positionOf: Inside['positionOf'];
  cookie: SessionCookie;
  providers: readonly IdentityProvider[];
}): Inside {
  const { world } = parts;
  return {
    findViewer: parts.authenticateReviewer,
    callerFor: (viewer) => appRouter.createCaller(createContext(world, viewer)),
    positionOf: parts.positionOf,
    cookie: parts.cookie,
    providers: parts.providers,
    startSession: (input) => startSession(world, input),
    startProviderSession: (input) => startProviderSession(world, input),
    findSession: (sessionId) => identifySession(world, sessionId),
    endSession: (sessionId) => endSession(world, sessionId),
    log: world.log,
  };
}
