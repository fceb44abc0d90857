import type { BlastRadius } from '@/server/domain/blast-radius';
import type { Footprint } from '@/server/domain/footprint';
import { type BriefVerdict, briefOf, differs } from '@/server/domain/policy-report';
import type { PolicyEntry } from '@/server/domain/policy-set';
import type { PolicyEngine, RecordedAction } from '@/server/domain/ports';
import { recallFacts } from '@/server/domain/stored-facts';
import { createCedarPolicy } from '../cedar-policy';
import { enabledOf } from '../enabled';

/** In a process of low priority everything is slow at times, and nobody waits for a single answer. */
export const NOBODY_WAITS = () => 0;

/** Null: nothing was kept that could be judged. */
export type Compared = { before: BriefVerdict; after: BriefVerdict; changed: boolean } | null;

/** Judges recorded actions by two sets. What both say is by the facts of then, so the difference is the policies' alone. */
export function createComparison(
  before: readonly PolicyEntry[],
  after: readonly PolicyEntry[],
): (actions: readonly RecordedAction[]) => Compared[] {
  const [one, two] = [before, after].map((set) =>
    createCedarPolicy({ policies: enabledOf(set), nowMs: NOBODY_WAITS }),
  ) as [PolicyEngine, PolicyEngine];
  return (actions) =>
    actions.map((action) => {
      const facts = recallFacts({
        facts: JSON.parse(action.facts),
        footprint: JSON.parse(action.footprint) as Footprint,
        blastRadius: JSON.parse(action.blastRadius) as BlastRadius,
      });
      if (facts === null) return null;
      const [a, b] = [briefOf(one.evaluate(facts)), briefOf(two.evaluate(facts))];
      return { before: a, after: b, changed: differs(a, b) };
    });
}
