import type { Level } from './vocabulary';

/** One hour of a workspace, UTC. `uncounted`: of what ran, how many had people, rows or audience unknown. */
export type UsageHourView = {
  hour: string;
  planned: number;
  held: number;
  denied: number;
  ran: number;
  people: number;
  rowsChanged: number;
  audience: number;
  uncounted: number;
};

/** One agent over the last seven days. */
export type AgentRiskView = {
  id: string;
  name: string;
  owner: string;
  halted: boolean;
  /** Open anomalies. */
  anomalies: number;
  planned: Record<Level, number>;
  held: number;
  denied: number;
  ran: number;
  people: number;
};

/** One reviewer over the last thirty days; times in milliseconds, null when there is nothing to take them from. */
export type ReviewerView = {
  personId: string;
  name: string;
  decisions: number;
  approved: number;
  /** Approvals given before the page had been looked at for ten seconds. */
  hasty: number;
  /** Decisions of which it is known how long the page was looked at. */
  looked: number;
  medianLookedMs: number | null;
  medianWaitMs: number | null;
  /** Drills among what they decided, and how many of those they refused. */
  drills: number;
  caught: number;
  /** Decisions on what was called high or critical, and overrides: how many of those were approvals. Drills are left out. */
  warned: number;
  overrode: number;
  reveals: number;
};

export type HomeView = {
  at: string;
  open: Record<Level, number>;
  /** Of the open holds, those with less than a quarter of their time left. */
  late: number;
  /** Holds planned in the last 24 hours that nobody decided in time. */
  expired: number;
  /** The last fifteen days. */
  hours: UsageHourView[];
  /** Most risky first. */
  agents: AgentRiskView[];
  reviewers: ReviewerView[];
};

/**
 * Which of two agents comes first: what is halted or unusual now, then who planned more that is critical, then high, then who was denied more, then
 * whose actions reached more people. No score: each step can be read off the row.
 */
export function byRisk(a: AgentRiskView, b: AgentRiskView): number {
  const attention = (agent: AgentRiskView) => (agent.anomalies > 0 ? 2 : 0) + (agent.halted ? 1 : 0);
  return (
    attention(b) - attention(a) ||
    b.planned.critical - a.planned.critical ||
    b.planned.high - a.planned.high ||
    b.denied - a.denied ||
    b.people - a.people ||
    a.name.localeCompare(b.name)
  );
}
