import { timingSafeEqual } from 'node:crypto';
import { RateLimiterMemory } from 'rate-limiter-flexible';
import { parseAgentKey } from '@/server/domain/agent-key';
import type { Changes, Clock } from '@/server/domain/ports';
import { accept, type Outcome, type Refusal, refuse } from '@/server/domain/refusal';
import type { AgentScope } from '@/server/domain/scopes';
import type { Deps } from '@/server/operations/deps';
import { type AgentHolder, identifyAgent } from '@/server/operations/identify-agent';
import { createKeyUse } from './key-use';
import { mintAgentScope } from './mint-scopes';

const FRESH_MS = 5_000;
const MOST_CACHED = 10_000;
/** Wrong keys one address may send per minute before it has to wait: enough for a typo, far too few to look for a key. */
const WRONG_KEYS = { points: 20, duration: 60 };

const MISSING = refuse(
  'unauthenticated',
  'This needs an agent key. Send it as "Authorization: Bearer hp_<keyId>_<secret>".',
);
/** The same for a key that never existed and a secret that does not fit: neither is told apart. */
const WRONG = refuse(
  'key_invalid',
  "This agent key is not valid. Check that it was copied whole, or ask the agent's owner for a new one.",
);

type Known = { holder: AgentHolder; scope: AgentScope; freshUntil: number };
type AgentKey = NonNullable<ReturnType<typeof parseAgentKey>>;
type World = Pick<Deps, 'db' | 'clock'> & { changes: Pick<Changes, 'onConfig'> };

export type AuthenticateAgent = {
  (authorization: string | undefined, address: string): Promise<Outcome<AgentScope>>;
  /** Writes down what is not yet written and stops listening. */
  close(): Promise<void>;
};

/** Whether a key that fits may be used now; each refusal says what its holder can do. */
function judge(holder: AgentHolder, now: Date): Refusal | null {
  if (holder.revokedAt !== null) {
    return refuse('key_invalid', "This agent key was revoked. Ask the agent's owner for a new one.");
  }
  if (holder.expiresAt !== null && holder.expiresAt <= now) {
    const when = holder.expiresAt.toISOString();
    return refuse('key_expired', `This agent key expired at ${when}. Ask the agent's owner for a new one.`);
  }
  if (holder.suspendedAt !== null) {
    return refuse('agent_suspended', "This agent is suspended. Ask the agent's owner or a security lead.");
  }
  return null;
}

const fits = (known: Known | undefined | null, key: AgentKey): boolean =>
  known?.holder !== undefined && timingSafeEqual(known.holder.secretHash, key.secretHash);

/** Keys seen lately, bounded, dropped when their workspace's configuration changes and at the latest after five seconds. */
function createKeyCache(world: World) {
  const known = new Map<string, Known>();
  // Counts drops: an answer read before a drop must not be kept after it, or a revoked key would live on for its five seconds.
  let drops = 0;
  const unsubscribe = world.changes.onConfig((workspaceId) => {
    drops++;
    for (const [keyId, entry] of known) {
      if (workspaceId === null || entry.holder.workspaceId === workspaceId) known.delete(keyId);
    }
  });
  return {
    unsubscribe,
    find: (keyId: string) => known.get(keyId),
    async read(keyId: string, clock: Clock): Promise<Known | null> {
      const before = drops;
      const holder = await identifyAgent(world, keyId);
      if (holder === null) {
        known.delete(keyId);
        return null;
      }
      const entry = { holder, scope: mintAgentScope(holder), freshUntil: clock.now().getTime() + FRESH_MS };
      if (before === drops) {
        known.delete(keyId);
        known.set(keyId, entry);
        if (known.size > MOST_CACHED) known.delete(known.keys().next().value ?? keyId);
      }
      return entry;
    },
  };
}

/** Proves who an agent is from its key alone. Nothing else a request carries is looked at (P8). */
export function createAuthenticateAgent(world: World): AuthenticateAgent {
  const cache = createKeyCache(world);
  const use = createKeyUse(world);
  const wrongKeys = new RateLimiterMemory(WRONG_KEYS);

  const wrong = async (address: string): Promise<Refusal> => {
    await wrongKeys.penalty(address);
    return WRONG;
  };
  const limited = async (address: string): Promise<Refusal | null> => {
    const counted = await wrongKeys.get(address);
    if (counted === null || counted.consumedPoints < WRONG_KEYS.points) return null;
    const seconds = Math.max(1, Math.ceil(counted.msBeforeNext / 1000));
    return refuse('rate_limited', `Too many wrong keys from this address. Try again in ${seconds} seconds.`, {
      retryAfterSeconds: seconds,
    });
  };

  /** The holder of a key whose secret fits, or the refusal. */
  const prove = async (key: AgentKey | null, address: string, nowMs: number): Promise<Outcome<Known>> => {
    const cached = key === null ? undefined : cache.find(key.keyId);
    const isKnown = key !== null && fits(cached, key);
    if (isKnown && cached !== undefined && cached.freshUntil > nowMs) return accept(cached);
    // A key known to be right passes even from an address that guesses: one broken agent must not stop its neighbours.
    const wait = isKnown ? null : await limited(address);
    if (wait !== null) return wait;
    const entry = key === null ? null : await cache.read(key.keyId, world.clock);
    return entry !== null && key !== null && fits(entry, key) ? accept(entry) : wrong(address);
  };

  const authenticate = async (
    authorization: string | undefined,
    address: string,
  ): Promise<Outcome<AgentScope>> => {
    const text = /^Bearer +(\S.*)$/i.exec(authorization ?? '')?.[1]?.trimEnd();
    if (text === undefined) return MISSING;
    const now = world.clock.now();
    const proven = await prove(parseAgentKey(text), address, now.getTime());
    if (!proven.ok) return proven;
    const { holder, scope } = proven.value;
    const refused = judge(holder, now);
    if (refused !== null) return refused;
    use.note(holder.keyId, now);
    return accept(scope);
  };

  return Object.assign(authenticate, {
    async close() {
      cache.unsubscribe();
      await use.close();
    },
  });
}
