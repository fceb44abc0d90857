import type { Backlog, Deps } from '@/server/operations/deps';
import { escalateHolds } from '@/server/operations/escalate-holds';
import { executeAction } from '@/server/operations/execute-action';
import { expireActions } from '@/server/operations/expire-actions';
import { listUnfinished } from '@/server/operations/list-unfinished';
import { measureAction } from '@/server/operations/measure-action';
import { recoverExecution } from '@/server/operations/recover-execution';
import { Lanes, RELEASED } from './lanes';

type Log = { error(fields: object, message: string): void };

const SWEEP_MS = 1_000;
const SWEEP_LIMIT = 50;

export type RunningBacklog = Backlog & {
  /** Begins to look for work other processes left behind. */
  start(): void;
  /** Takes no new work and resolves when what is under way is done. */
  stop(): Promise<void>;
};

/**
 * Does what was promised when an action was accepted: measures it, executes it, ends what a dead process began, writes down what expired.
 * The queue is only a shortcut: a sweep of the database finds the same work after a crash (P9), and leases keep two processes apart.
 */
export function createBacklog(deps: () => Deps, log: Log): RunningBacklog {
  const lanes = new Lanes();
  const queued = new Set<string>();
  let timer: NodeJS.Timeout | undefined;
  let sweeping: Promise<void> = Promise.resolve();
  let stopped = false;

  const add = (
    kind: string,
    actionId: string,
    name: string,
    work: (deps: Deps, actionId: string) => Promise<unknown>,
  ): void => {
    const key = `${kind} ${actionId}`;
    if (stopped || queued.has(key)) return;
    queued.add(key);
    lanes.add(name, async () => {
      try {
        await work(deps(), actionId);
      } catch (error) {
        // Its lease runs out and the sweep finds it again; a measurement is repeated, an execution is only ended.
        log.error({ actionId, kind, error: String(error) }, 'background work failed');
      } finally {
        queued.delete(key);
      }
    });
  };
  const backlog: Backlog = {
    measure: (actionId, agentId) => add('measure', actionId, agentId, measureAction),
    execute: (actionId) => add('execute', actionId, RELEASED, executeAction),
    conclude(actionId, measuring) {
      // No lane: it is being measured already, and whoever submitted it waits.
      const done = measureAction(deps(), actionId, measuring).catch((error) => {
        log.error({ actionId, error: String(error) }, 'a verdict was not recorded; it is measured again');
        return null;
      });
      lanes.beside(done);
      return done;
    },
  };
  const sweep = async (): Promise<void> => {
    for (const { actionId, agentId, work } of await listUnfinished(deps(), SWEEP_LIMIT)) {
      if (work === 'execute') backlog.execute(actionId);
      else if (work === 'recover') add('recover', actionId, RELEASED, recoverExecution);
      else backlog.measure(actionId, agentId);
    }
    await escalateHolds(deps());
    await expireActions(deps());
  };
  const tick = (): void => {
    timer = setTimeout(() => {
      sweeping = sweep()
        .catch((error) => log.error({ error: String(error) }, 'sweep failed; trying again'))
        .finally(() => {
          if (!stopped) tick();
        });
    }, SWEEP_MS);
    timer.unref();
  };
  return {
    ...backlog,
    start: tick,
    async stop() {
      stopped = true;
      clearTimeout(timer);
      // A sweep under way still reads the database; whoever stops us closes it next.
      await Promise.allSettled([sweeping, lanes.stop()]);
    },
  };
}
