import { hash, type Options, verify } from '@node-rs/argon2';
import type { Passwords } from '@/server/domain/ports';

/** argon2id (the library's default kind) with OWASP's first choice: 19 MiB, two passes, one lane; about 30 ms. Runs off the event loop. */
const COST = { memoryCost: 19_456, timeCost: 2, parallelism: 1 } satisfies Options;

/** Passwords kept as argon2id. */
export function createPasswords(): Passwords {
  // Verified in place of a hash that does not exist, so that an unknown address takes as long as a wrong password.
  let nobody: Promise<string> | undefined;
  return {
    hash: (password) => hash(password, COST),
    async verify(stored, password) {
      nobody ??= hash('nobody has this password', COST);
      try {
        return (await verify(stored ?? (await nobody), password)) && stored !== null;
      } catch {
        return false;
      }
    },
  };
}
