import type { HaltView } from './views';
import type { HaltScope } from './vocabulary';

export type HaltRow = {
  id: string;
  scope: string;
  subjectId: string;
  subjectName: string;
  reason: string;
  engagedBy: string;
  engagedAt: Date;
  liftedBy: string | null;
  liftedAt: Date | null;
  liftReason: string | null;
};

export const toHaltView = (halt: HaltRow): HaltView => ({
  haltId: halt.id,
  scope: halt.scope as HaltScope,
  subjectId: halt.subjectId,
  subjectName: halt.subjectName,
  reason: halt.reason,
  engagedBy: halt.engagedBy,
  engagedAt: halt.engagedAt.toISOString(),
  liftedBy: halt.liftedBy,
  liftedAt: halt.liftedAt?.toISOString() ?? null,
  liftReason: halt.liftReason,
});
