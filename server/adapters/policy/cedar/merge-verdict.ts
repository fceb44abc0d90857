import type { MatchedRule, Obligation, PolicyFacts, Verdict } from '@/server/domain/verdict';
import { sayBecause } from './fact-words';
import { HOLD_SECONDS, type PolicyNotes } from './policy-notes';

/** What Cedar said of one request: the policies that decided it, and what went wrong in those it skipped. */
export type Matched = { allowed: boolean; matched: readonly PolicyNotes[]; errors: readonly string[] };

const byRule = (id: string, title: string, because: string, quorum: number): PolicyNotes => ({
  id,
  title,
  because,
  verdict: 'hold',
  reviewers: [],
  quorum,
  expirySeconds: HOLD_SECONDS,
  presence: 'session',
});

/** What could not be evaluated could have said anything: two people decide. */
const failed = (why: string): PolicyNotes =>
  byRule('policy-error', 'Policy could not be evaluated', `The policy could not be evaluated: ${why}`, 2);

const NOTHING_PERMITS = byRule(
  'nothing-permits',
  'Nothing permits it',
  'No policy lets this flow by itself, so a person decides.',
  1,
);

const toRule = (notes: PolicyNotes, facts: PolicyFacts): MatchedRule => ({
  id: notes.id,
  title: sayBecause(notes.title, facts),
  because: sayBecause(notes.because, facts),
  verdict: notes.verdict,
});

/** All holds at once: members of any named group, the highest quorum, the shortest time, the strongest proof. */
const mergeObligations = (holds: readonly PolicyNotes[]): Obligation => ({
  reviewers: [...new Set(holds.flatMap((h) => h.reviewers))].sort(),
  quorum: Math.max(...holds.map((h) => h.quorum)),
  expirySeconds: Math.min(...holds.map((h) => h.expirySeconds)),
  presence: holds.some((h) => h.presence === 'passkey') ? 'passkey' : 'session',
});

/** Makes one verdict of everything that matched. Deny beats hold beats allow; an error holds even where everything else allows. */
export function mergeVerdict(answer: Matched, facts: PolicyFacts, policy: string): Verdict {
  const of = (verdict: PolicyNotes['verdict']) => answer.matched.filter((m) => m.verdict === verdict);
  const say = (notes: readonly PolicyNotes[]) => notes.map((n) => toRule(n, facts));
  const denies = of('deny');
  if (denies.length > 0) return { verdict: 'deny', policy, rules: say(denies) };
  const holds = [...of('hold'), ...answer.errors.map(failed)].sort((a, b) => b.quorum - a.quorum);
  const allows = of('allow');
  if (holds.length === 0 && answer.allowed && allows.length > 0) {
    return { verdict: 'allow', policy, rules: say(allows) };
  }
  const all = holds.length > 0 ? holds : [NOTHING_PERMITS];
  return { verdict: 'hold', policy, obligation: mergeObligations(all), rules: say(all) };
}

/** The verdict when there is no answer at all. Its words use no facts: those may be what failed. */
export function holdForFailure(why: string, policy: string): Verdict {
  const { id, title, because, verdict } = failed(why);
  const obligation = mergeObligations([failed(why)]);
  return { verdict: 'hold', policy, obligation, rules: [{ id, title, because, verdict }] };
}
