import type { BacktestTotals } from './backtest';
import { type BlastRadius, blastRadius } from './blast-radius';
import { hashOf } from './canonical';
import type { Footprint } from './footprint';
import type { PolicySet } from './policy-set';

export type PolicyDiffEntry = {
  id: string;
  change: 'added' | 'changed' | 'removed' | 'disabled' | 'enabled';
  before: string | null;
  after: string | null;
};
export type PolicyDiff = { policies: PolicyDiffEntry[]; casesChanged: number };

/** What one set changes of another, policy by policy in the order they are written, removed ones last. */
export function diffPolicySets(before: PolicySet, after: PolicySet): PolicyDiff {
  const old = new Map(before.policies.map((p) => [p.id, p]));
  const now = new Map(after.policies.map((p) => [p.id, p]));
  const policies: PolicyDiffEntry[] = [];
  for (const { id, text, disabled } of after.policies) {
    const was = old.get(id);
    const of = { id, before: was?.text ?? null, after: text };
    if (was === undefined) policies.push({ ...of, change: disabled ? 'disabled' : 'added' });
    else if (!was.disabled && disabled) policies.push({ ...of, change: 'disabled' });
    else if (was.disabled && !disabled) policies.push({ ...of, change: 'enabled' });
    else if (was.text !== text) policies.push({ ...of, change: 'changed' });
  }
  for (const { id, text } of before.policies) {
    if (!now.has(id)) policies.push({ id, change: 'removed', before: text, after: null });
  }
  const key = (c: PolicySet['cases'][number]) => `${c.verdict}/${c.name}\n${c.text}`;
  const had = new Set(before.cases.map(key));
  const has = new Set(after.cases.map(key));
  const casesChanged =
    [...had].filter((k) => !has.has(k)).length + [...has].filter((k) => !had.has(k)).length;
  return { policies, casesChanged };
}

const count = (n: number, one: string): string => `${n.toLocaleString('en')} ${n === 1 ? one : `${one}s`}`;

const VERBS = [
  ['added', 'adds'],
  ['changed', 'changes'],
  ['enabled', 'enables'],
  ['disabled', 'disables'],
  ['removed', 'removes'],
] as const;

/** What publishing would do, in one sentence of Holdpoint's own. */
export function publishSentence(diff: PolicyDiff, of: { name: string; restores: number | null }): string {
  const what = VERBS.flatMap(([change, verb]) => {
    const n = diff.policies.filter((p) => p.change === change).length;
    return n === 0 ? [] : [`${verb} ${count(n, 'policy').replace('policys', 'policies')}`];
  });
  const cases = diff.casesChanged > 0 && what.length === 0 ? ['changes only cases'] : [];
  const all = [...what, ...cases];
  const words = all.length < 2 ? all.join('') : `${all.slice(0, -1).join(', ')} and ${all.at(-1)}`;
  const subject =
    of.restores === null ? `Publish policy “${of.name}”` : `Restore policy version ${of.restores}`;
  return `${subject}: ${words === '' ? 'changes nothing' : words}.`;
}

/** Whether something that was held or denied would be asked less: by the backtest, or because nobody ran one. */
export const mayLoosen = (totals: BacktestTotals | null): boolean => totals === null || totals.loosened > 0;

/**
 * What is approved with a publication: its exact content, what it changes and what the backtest said. Part of the footprint's digest, so that
 * another content or another backtest is another footprint.
 */
export function publishFootprint(of: {
  diff: PolicyDiff;
  contentHash: string;
  totals: BacktestTotals | null;
  at: string;
}): Footprint {
  return {
    version: 1,
    items: of.diff.policies.map((p) => ({
      kind: 'resource',
      target: null,
      resource: `policy ${p.id}`,
      operation: p.change === 'removed' ? 'delete' : p.change === 'added' ? 'insert' : 'update',
      count: 1,
      provenance: 'measured',
    })),
    unknowns:
      of.totals === null
        ? [{ code: 'rehearsal_refused', message: 'No backtest was run: what it would change is not known.' }]
        : [],
    subjects: 0,
    method: of.totals === null ? 'declared' : 'rehearsed',
    readOnly: false,
    definitions: of.contentHash,
    rows: hashOf(of.totals),
    measuredAt: of.at,
    durationMs: 0,
  };
}

/** Publishing is never small; what may ask less of anybody is critical. */
export function publishRadius(
  footprint: Footprint,
  diff: PolicyDiff,
  totals: BacktestTotals | null,
): BlastRadius {
  const n = (change: string) => diff.policies.filter((p) => p.change === change).length;
  const because =
    totals === null
      ? ['No backtest was run']
      : totals.loosened > 0
        ? [`${count(totals.loosened, 'recorded action')} would have been asked less`]
        : [`It judges everything that happens from now on`];
  return {
    ...blastRadius(footprint),
    level: mayLoosen(totals) ? 'critical' : 'high',
    rowsChanged: diff.policies.length - n('removed'),
    rowsDeleted: n('removed'),
    because,
  };
}
