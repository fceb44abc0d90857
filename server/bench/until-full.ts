import { setTimeout as pause } from 'node:timers/promises';
import type { SessionStock } from '../adapters/sql/session-stock';

/** As many as one measurement takes at most. */
const ENOUGH = 4;

/** Until sessions are ready again, as they are when an agent thinks between two statements. */
export async function untilFull(stock: SessionStock, targetId: string): Promise<void> {
  while (stock.readyFor(targetId) < ENOUGH) await pause(1);
}
