import type { BlastRadius } from '@/server/domain/blast-radius';
import type { Footprint } from '@/server/domain/footprint';
import { type BriefVerdict, briefOf, differs } from '@/server/domain/policy-report';
import type { PolicyEntry } from '@/server/domain/policy-set';
import type { RecordedAction } from '@/server/domain/ports';
import { recallFacts } from '@/server/domain/stored-facts';
import type { PolicyFacts, Verdict } from '@/server/domain/verdict';
import { createCedarPolicy } from '../cedar-policy';
import { checkPolicies } from '../check-policies';
import { enabledOf } from '../enabled';
import { statefulIsAuthorized } from '../engine';
import { mergeVerdict } from '../merge-verdict';
import { type PolicyNotes, readNotes } from '../policy-notes';
import { hashOfPolicies, preparedSchema, preparedSet } from '../prepared-sets';
import type { Policies } from '../read-policies';
import { requestFor } from '../request';

/** In a process of low priority everything is slow at times, and nobody waits for a single answer. */
export const NOBODY_WAITS = () => 0;

/** Null: nothing was kept that could be judged. */
export type Compared = { before: BriefVerdict; after: BriefVerdict; changed: boolean } | null;
type Pair = readonly [Verdict, Verdict];

function notesOf(policies: Policies, keyOf: (id: string) => string): Map<string, PolicyNotes> {
  const notes = new Map<string, PolicyNotes>();
  for (const [id, text] of Object.entries(policies)) {
    const read = readNotes(text);
    if (read.ok) notes.set(keyOf(id), read.notes);
  }
  return notes;
}

/**
 * Asks both sets at once, as one: most of what an evaluation costs is handing the facts over. Null when one question is not enough: a forbid of
 * one side alone hides which permits the other has.
 */
function askBoth(one: Policies, two: Policies): (facts: PolicyFacts) => Pair | null {
  const shared = (id: string) => Object.hasOwn(one, id) && Object.hasOwn(two, id) && one[id] === two[id];
  const keys = [one, two].map((_, side) => (id: string) => (shared(id) ? id : `${side} ${id}`));
  const sides = [one, two].map((set, side) => notesOf(set, keys[side] ?? String));
  const all: Record<string, string> = {};
  for (const [side, set] of [one, two].entries()) {
    for (const [id, text] of Object.entries(set)) all[keys[side]?.(id) ?? id] = text;
  }
  const hash = hashOfPolicies(all);
  return (facts) => {
    const answer = statefulIsAuthorized({
      ...requestFor(facts),
      preparsedPolicySetId: preparedSet(hash, all),
      preparsedSchemaName: preparedSchema(),
      validateRequest: true,
    });
    if (answer.type === 'failure') return null;
    const { reason, errors } = answer.response.diagnostics;
    if (errors.length > 0) return null;
    const matched = sides.map((notes) => reason.flatMap((key) => notes.get(key) ?? []));
    const [forbids, others] = matched.map((m) => m.filter((n) => n.verdict !== 'allow').length);
    if (forbids !== others && (forbids === 0 || others === 0)) return null;
    const ordered = sides.map((notes, side) => [...notes.values()].filter((n) => matched[side]?.includes(n)));
    const [a, b] = ordered.map((m) =>
      mergeVerdict({ allowed: m.some((n) => n.verdict === 'allow'), matched: m, errors: [] }, facts, ''),
    );
    return a && b ? [a, b] : null;
  };
}

/** Judges recorded actions by two sets. What both say is by the facts of then, so the difference is the policies' alone. */
export function createComparison(
  before: readonly PolicyEntry[],
  after: readonly PolicyEntry[],
): (actions: readonly RecordedAction[]) => Compared[] {
  const [one, two] = [enabledOf(before), enabledOf(after)];
  const engines = [one, two].map((policies) => createCedarPolicy({ policies, nowMs: NOBODY_WAITS }));
  const isSound = checkPolicies(one).length === 0 && checkPolicies(two).length === 0;
  const together = isSound ? askBoth(one, two) : () => null;
  const apart = (facts: PolicyFacts): Pair => {
    const [a, b] = engines.map((engine) => engine.evaluate(facts));
    if (!a || !b) throw new Error('there are two engines');
    return [a, b];
  };
  return (actions) =>
    actions.map((action) => {
      const facts = recallFacts({
        facts: JSON.parse(action.facts),
        footprint: JSON.parse(action.footprint) as Footprint,
        blastRadius: JSON.parse(action.blastRadius) as BlastRadius,
      });
      if (facts === null) return null;
      const [a, b] = (together(facts) ?? apart(facts)).map(briefOf);
      if (!a || !b) throw new Error('there are two verdicts');
      return { before: a, after: b, changed: differs(a, b) };
    });
}
