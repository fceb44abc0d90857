import { initTRPC } from '@trpc/server';
import { type Outcome, refuse } from '@/server/domain/refusal';
import type { AgentScope, ReviewerScope } from '@/server/domain/scopes';
import type { Role } from '@/server/domain/vocabulary';
import { type Actor, type Context, WORLD, type World } from './context';
import { errorData, RefusedError, refusalOf, unwrap } from './refused-error';

export { unwrap };

// No transformer: any language can call it with plain JSON (contract.md). `isDev` stays off: stacks never leave the process.
const t = initTRPC.context<Context>().create({
  isDev: false,
  errorFormatter({ shape, error, ctx, path }) {
    // Errors from procedures are refusals already (`faultless`); what is left was thrown around them, by tRPC itself.
    const refusal = refusalOf(error, ctx?.log ?? SILENT, path);
    return { ...shape, message: refusal.message, data: { ...shape.data, ...errorData(refusal) } };
  },
});

const SILENT = { error: () => undefined, warn: () => undefined };

export const router = t.router;

/** Whatever a procedure throws becomes a refusal here, so that every front (HTTP, server components, tests) sees the same errors. */
const faultless = t.middleware(async ({ next, ctx, path }) => {
  const result = await next();
  if (result.ok || result.error instanceof RefusedError) return result;
  throw new RefusedError(refusalOf(result.error, ctx.log, path));
});

/** Open to everybody; nothing about the workspace may be answered here. */
export const publicProcedure = t.procedure.use(faultless);

/** Open to everybody, for what a secret in the input proves (a setup link): operations get no actor. */
export const openProcedure = publicProcedure.use(({ ctx, next }) =>
  next({
    ctx: {
      async callOpenly<Args extends unknown[], T>(
        operation: (world: World, ...args: Args) => Promise<Outcome<T>>,
        ...args: Args
      ): Promise<T> {
        return unwrap(await operation(ctx[WORLD], ...args));
      },
    },
  }),
);

type Call<A extends Actor> = {
  /** Runs `operation(world, actor, ...args)` and gives its value; its refusal leaves as the tRPC error of the one table. */
  call<Args extends unknown[], T>(
    operation: (world: World, actor: A, ...args: Args) => Promise<Outcome<T>>,
    ...args: Args
  ): Promise<T>;
  /** The same for operations that have nothing to refuse and answer plainly. */
  read<Args extends unknown[], T>(
    operation: (world: World, actor: A, ...args: Args) => Promise<T>,
    ...args: Args
  ): Promise<T>;
};

const bind = <A extends Actor>(world: World, actor: A): Call<A> => ({
  call: async (operation, ...args) => unwrap(await operation(world, actor, ...args)),
  read: (operation, ...args) => operation(world, actor, ...args),
});

/** For agents with a valid key. `ctx.actor` is the proven `AgentScope`. */
export const agentProcedure = publicProcedure.use(({ ctx, next }) => {
  if (ctx.actor?.kind !== 'agent') {
    throw new RefusedError(
      refuse(
        'unauthenticated',
        'This needs an agent key. Send it as "Authorization: Bearer hp_<keyId>_<secret>".',
      ),
    );
  }
  const actor: AgentScope = ctx.actor;
  return next({ ctx: { actor, ...bind(ctx[WORLD], actor) } });
});

/** For signed-in people of any role. `ctx.actor` is the proven `ReviewerScope`, its roles and clearances as of this request. */
export const reviewerProcedure = publicProcedure.use(({ ctx, next }) => {
  if (ctx.actor?.kind !== 'reviewer') {
    throw new RefusedError(refuse('unauthenticated', 'You are not signed in. Sign in and try again.'));
  }
  const actor: ReviewerScope = ctx.actor;
  return next({ ctx: { actor, ...bind(ctx[WORLD], actor) } });
});

const ROLE_WORDS: Readonly<Record<Role, string>> = {
  owner: 'an owner',
  security_lead: 'a security lead',
  reviewer: 'a reviewer',
  auditor: 'an auditor',
};

/** For signed-in people who have at least one of these roles. */
export const roleProcedure = (...roles: readonly Role[]) =>
  reviewerProcedure.use(({ ctx, next }) => {
    if (!ctx.actor.roles.some((role) => roles.includes(role))) {
      const who = roles.map((role) => ROLE_WORDS[role]).join(' or ');
      throw new RefusedError(
        refuse('forbidden', `Only ${who} can do this. Ask one of them in your workspace.`),
      );
    }
    return next();
  });
