import type { MatchedRule, Obligation, Verdict } from './verdict';

/** What a later version of policy makes of an earlier verdict. `changes` says in words what reviewers have to know; empty when nothing is asked anew. */
export type Tightened =
  | { kind: 'unchanged' }
  | { kind: 'denied'; verdict: Extract<Verdict, { verdict: 'deny' }> }
  | { kind: 'held'; verdict: Extract<Verdict, { verdict: 'hold' }>; changes: string[] };

/** Reviewers in either list; an empty list is everybody who decides, so a named group is the stricter of the two. */
const union = (a: readonly string[], b: readonly string[]): string[] => [...new Set([...a, ...b])].sort();

function stricter(a: Obligation, b: Obligation): Obligation {
  const roles = a.roles ?? b.roles;
  return {
    reviewers: union(a.reviewers, b.reviewers),
    quorum: Math.max(a.quorum, b.quorum),
    expirySeconds: Math.min(a.expirySeconds, b.expirySeconds),
    presence: a.presence === 'passkey' || b.presence === 'passkey' ? 'passkey' : 'session',
    ...(roles === undefined ? {} : { roles }),
  };
}

const people = (n: number): string => (n === 1 ? 'one person' : `${n} people`);
const within = (seconds: number): string =>
  seconds % 86_400 === 0
    ? `${seconds / 86_400} days`
    : seconds % 3_600 === 0
      ? `${seconds / 3_600} hours`
      : `${Math.round(seconds / 60)} minutes`;

function changesBetween(before: Obligation | null, after: Obligation): string[] {
  if (before === null) return [`It is held now, for ${people(after.quorum)}.`];
  const changes: string[] = [];
  if (after.quorum !== before.quorum)
    changes.push(`Now ${people(after.quorum)} must approve, before ${people(before.quorum)}.`);
  if (after.reviewers.join() !== before.reviewers.join())
    changes.push(`Now members of ${after.reviewers.join(' or ')} decide.`);
  if (after.expirySeconds !== before.expirySeconds)
    changes.push(`Now it has to be decided within ${within(after.expirySeconds)}.`);
  if (after.presence !== before.presence) changes.push('Now each approval needs a passkey.');
  return changes;
}

const merged = (asked: readonly MatchedRule[], before: readonly MatchedRule[]): MatchedRule[] => [
  ...asked,
  ...before.filter((rule) => rule.verdict === 'hold' && !asked.some((a) => a.id === rule.id)),
];

/**
 * The stricter of a verdict given before and what the version in force says of the same facts: deny beats hold beats allow, groups are united,
 * the higher quorum, the shorter time and the stronger proof win. Never asks for less than before.
 */
export function tightenVerdict(before: Verdict, obligation: Obligation | null, asked: Verdict): Tightened {
  if (asked.verdict === 'deny') return { kind: 'denied', verdict: asked };
  if (asked.verdict === 'allow') return { kind: 'unchanged' };
  const both = obligation === null ? asked.obligation : stricter(obligation, asked.obligation);
  const changes = changesBetween(obligation, both);
  if (changes.length === 0) return { kind: 'unchanged' };
  const rules = merged(asked.rules, before.rules);
  return {
    kind: 'held',
    changes,
    verdict: { verdict: 'hold', policy: asked.policy, rules, obligation: both },
  };
}
