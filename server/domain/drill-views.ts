import type { Status } from './status';
import type { Decision, Level } from './vocabulary';

/** `let_through`: policy would not have held it. `caught`: somebody refused it. `missed`: as many approved as it needed. */
export type DrillOutcome = 'waiting' | 'denied' | 'let_through' | 'caught' | 'missed' | 'undecided';

export type DrillAnswer = {
  personId: string;
  name: string;
  decision: Decision;
  at: string;
  lookedMs: number | null;
};

/** One drill, for those who may know that it is one. */
export type DrillView = {
  drillId: string;
  actionId: string;
  sentence: string;
  level: Level;
  agent: string;
  startedBy: string;
  at: string;
  lesson: string;
  outcome: DrillOutcome;
  answers: DrillAnswer[];
};

/** What became of a drill, by the state of its action and how many approved it. */
export function drillOutcome(status: Status, answers: number): DrillOutcome {
  switch (status) {
    case 'denied':
      return 'denied';
    case 'rejected':
    case 'sent_back':
      return 'caught';
    case 'expired':
      return 'undecided';
    case 'cancelled':
      return answers > 0 ? 'missed' : 'let_through';
    default:
      return 'waiting';
  }
}
