import { setTimeout as pause } from 'node:timers/promises';
import type { Deps } from './deps';

const PATIENCE_MS = 2_000;

/** Whether the database answers within two seconds. Never rejects. */
export async function checkReadiness(deps: Pick<Deps, 'db'>): Promise<boolean> {
  const stop = new AbortController();
  const asked = deps.db.pool.query('SELECT 1').then(
    () => true,
    () => false,
  );
  const tooLate = pause(PATIENCE_MS, false, { signal: stop.signal, ref: false }).catch(() => false);
  const isReady = await Promise.race([asked, tooLate]);
  stop.abort();
  return isReady;
}
