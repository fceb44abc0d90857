import { createHash } from 'node:crypto';
import type pg from 'pg';
import { RateLimiterPostgres, RateLimiterRes } from 'rate-limiter-flexible';
import type { SignInLimits } from '@/server/domain/ports';

const WINDOW_SECONDS = 15 * 60;
/**
 * Five failures lock this account for this address only, so that a stranger cannot lock a person out of theirs by failing on purpose from
 * elsewhere; the account as a whole stands thirty, an address sixty (a whole office may share one).
 */
const POINTS = { pair: 5, account: 30, address: 60 } as const;

/**
 * Kept in PostgreSQL (table `sign_in_limit`, made by a migration): in memory, a restart or a second process would give a guesser a fresh
 * count, and the database is there anyway.
 */
export function createSignInLimits(pool: pg.Pool): SignInLimits {
  const limiter = (kind: keyof typeof POINTS) =>
    new RateLimiterPostgres({
      storeClient: pool,
      storeType: 'pool',
      tableName: 'sign_in_limit',
      tableCreated: true,
      keyPrefix: kind,
      points: POINTS[kind],
      duration: WINDOW_SECONDS,
      blockDuration: WINDOW_SECONDS,
    });
  const pair = limiter('pair');
  const account = limiter('account');
  const address = limiter('address');
  // Hashed: the table is no list of who works here, and keys have a bounded length.
  const key = (...parts: string[]) => createHash('sha256').update(JSON.stringify(parts)).digest('base64url');

  return {
    async admit(attempt) {
      const counts = [
        [address, key(attempt.address)],
        [pair, key(attempt.email, attempt.address)],
        [account, key(attempt.email)],
      ] as const;
      for (const [limit, of] of counts) {
        try {
          await limit.consume(of);
        } catch (refused) {
          if (!(refused instanceof RateLimiterRes)) throw refused;
          return {
            waitSeconds: Math.max(1, Math.ceil(refused.msBeforeNext / 1000)),
            first: refused.consumedPoints === limit.points + 1,
          };
        }
      }
      return null;
    },
    async forgive(attempt) {
      await Promise.all([
        pair.delete(key(attempt.email, attempt.address)),
        account.reward(key(attempt.email)),
        address.reward(key(attempt.address)),
      ]);
    },
  };
}
