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

/** Scopes that reach beyond what one agent does: lifting such a halt takes somebody else than who engaged it. */
const WIDE: ReadonlySet<string> = new Set<HaltScope>(['workspace', 'tool', 'target']);

/**
 * Whether this person has to leave the lifting to somebody else: they engaged it themselves, it reaches beyond one agent, and somebody else here
 * could (`others` are the other owners and security leads). Without others it would never end.
 */
export const needsSecondPerson = (
  halt: { scope: string; engagedById: string },
  personId: string | null,
  others: readonly string[],
): boolean => WIDE.has(halt.scope) && halt.engagedById === personId && others.length > 0;

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
