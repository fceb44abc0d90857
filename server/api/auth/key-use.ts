import type { Deps } from '@/server/operations/deps';
import { noteKeyUse } from '@/server/operations/identify-agent';

const ONCE_PER_MS = 60_000;
const GATHER_MS = 1_000;
const MOST_REMEMBERED = 50_000;

/** Writes "last used" beside the requests: gathered for a second, at most once a minute per key, all keys in one statement. */
export function createKeyUse(world: Pick<Deps, 'db'>) {
  const written = new Map<string, number>();
  let pending = new Map<string, Date>();
  let timer: NodeJS.Timeout | undefined;

  const flush = async () => {
    clearTimeout(timer);
    timer = undefined;
    if (pending.size === 0) return;
    const keys = [...pending].map(([keyId, at]) => ({ keyId, at }));
    pending = new Map();
    // Lost when the database is away: it is a courtesy to people, and the next use writes it again.
    await noteKeyUse(world, keys).catch(() => undefined);
  };

  return {
    note(keyId: string, at: Date): void {
      const last = written.get(keyId);
      if (last !== undefined && at.getTime() - last < ONCE_PER_MS) return;
      if (written.size >= MOST_REMEMBERED) written.clear();
      written.set(keyId, at.getTime());
      pending.set(keyId, at);
      timer ??= setTimeout(flush, GATHER_MS).unref();
    },
    close: flush,
  };
}
