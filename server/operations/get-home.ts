import { byRisk, type HomeView } from '@/server/domain/home-views';
import { accept, type Outcome } from '@/server/domain/refusal';
import type { ReviewerScope } from '@/server/domain/scopes';
import { LEVELS, type Level } from '@/server/domain/vocabulary';
import { leastActionIdAt } from '@/server/store/anomalies';
import {
  countExpired,
  countOpenHolds,
  countUsage,
  listAgentUsage,
  listReviewing,
  listUsage,
} from '@/server/store/usage';
import type { Deps } from './deps';

const DAY_MS = 24 * 3_600_000;
/** Longer than any transaction that writes to the log may take. */
const LAG_SECONDS = 30;

/** Counts what is new in the log, batch by batch, until it is up to date. Answers how many events that were. */
export async function keepUsage(deps: Pick<Deps, 'db'>, lagSeconds = LAG_SECONDS): Promise<number> {
  let passed = 0;
  for (let batch = -1; batch !== 0; passed += batch) batch = await countUsage(deps.db, lagSeconds);
  return passed;
}

/** What whoever answers for the workspace wants to know first: what waits, what agents did today against usual days, who they are, who decides. */
export async function getHome(deps: Deps, person: ReviewerScope): Promise<Outcome<HomeView>> {
  const { workspaceId } = person;
  const now = deps.clock.now();
  const ago = (days: number) => new Date(now.getTime() - days * DAY_MS);
  const [holds, expired, hours, agents, reviewers] = await Promise.all([
    countOpenHolds(deps.db, workspaceId),
    countExpired(deps.db, workspaceId, leastActionIdAt(ago(1))),
    listUsage(deps.db, workspaceId, ago(15)),
    listAgentUsage(deps.db, workspaceId, ago(7)),
    listReviewing(deps.db, workspaceId, ago(30)),
  ]);
  const openOf = (level: Level) => holds.find((row) => row.level === level)?.open ?? 0;
  return accept({
    at: now.toISOString(),
    open: Object.fromEntries(LEVELS.map((level) => [level, openOf(level)])) as Record<Level, number>,
    late: holds.reduce((sum, row) => sum + row.late, 0),
    expired,
    hours: hours.map((row) => ({ ...row, hour: row.hour.toISOString() })),
    agents: agents
      .map(({ low, moderate, high, critical, ...agent }) => ({
        ...agent,
        planned: { low, moderate, high, critical },
      }))
      .sort(byRisk),
    reviewers,
  });
}
