import type { Logger } from 'pino';
import type { Changes, Passwords, SignInLimits } from '@/server/domain/ports';
import type { AgentScope, ReviewerScope } from '@/server/domain/scopes';
import type { Deps } from '@/server/operations/deps';

export type Actor = AgentScope | ReviewerScope;

/** What the API needs of the container: what operations get, what signing in needs, and a log. */
export type World = Deps & { passwords: Passwords; signInLimits: SignInLimits; log: Logger };

/** Hidden behind a symbol only `init.ts` uses: a router cannot reach the database, only call operations with it. */
export const WORLD: unique symbol = Symbol('world');

/**
 * What a procedure sees: who is asking, and nothing of the database. Inside `agentProcedure` and `reviewerProcedure` it also has
 * `ctx.call(operation, ...args)`, which runs `operation(world, actor, ...args)`.
 */
export type Context = {
  readonly actor: Actor | null;
  /** Who has changed what: for long polls. */
  readonly changes: Changes;
  readonly log: Logger;
  readonly [WORLD]: World;
};

/** The context of one request. `actor` comes from `api/auth`, never from the request's input (P8). */
export function createContext(world: World, actor: Actor | null): Context {
  return { actor, changes: world.changes, log: world.log, [WORLD]: world };
}
