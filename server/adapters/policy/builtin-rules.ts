import { hidesMagnitude, isSensitive } from '@/server/domain/blast-radius';
import type { PolicyEngine } from '@/server/domain/ports';
import type { MatchedRule, Obligation, PolicyFacts, Verdict } from '@/server/domain/verdict';
import { OPEN_TO_AGENTS } from '@/server/domain/vocabulary';

const POLICY = 'builtin@1';
/** The largest read that may flow without a person: rows touched, and people they are about. */
export const SMALL_READ = { rows: 1_000, people: 50 };
/** Deleting or changing more than this needs two people. */
export const ONE_PERSON_BOUND = { deleted: 100, changed: 1_000 };
const HOLD_SECONDS = 24 * 60 * 60;

type Hold = { rule: Omit<MatchedRule, 'verdict'>; quorum: number };
type Rule = (facts: PolicyFacts) => Hold | null;

const hold = (id: string, title: string, because: string, quorum = 1): Hold => ({
  rule: { id, title, because },
  quorum,
});

/** True unless a number is known and within the bound: unknown is never within. */
const exceeds = (n: number | null, bound: number): boolean => n === null || n > bound;

const unmeasured: Rule = ({ footprint, blastRadius }) => {
  if (blastRadius.unknowns === 0) return null;
  const what = footprint.unknowns[0]?.message ?? 'The number of rows is not known.';
  return hold(
    'unknown',
    'Not everything could be measured',
    what,
    !footprint.readOnly && hidesMagnitude(footprint) ? 2 : 1,
  );
};

const estimated: Rule = ({ footprint }) =>
  footprint.items.some((i) => i.provenance === 'estimated' || i.provenance === 'unknown')
    ? hold(
        'estimated',
        'Some numbers are not measured',
        'At least one number is an estimate, so a person looks first.',
      )
    : null;

const changes: Rule = ({ footprint }) =>
  footprint.readOnly
    ? null
    : hold('changes', 'It changes something', 'Everything that changes, sends or locks waits for a person.');

const destructive: Rule = ({ footprint, blastRadius }) => {
  const ops = new Set(footprint.items.map((i) => i.operation));
  const deletes = ops.has('delete') && exceeds(blastRadius.rowsDeleted, ONE_PERSON_BOUND.deleted);
  const changesMany =
    (ops.has('update') || ops.has('insert')) && exceeds(blastRadius.rowsChanged, ONE_PERSON_BOUND.changed);
  const structural = ops.has('define') || ops.has('truncate');
  if (!deletes && !changesMany && !structural) return null;
  const because = structural
    ? 'It changes the structure of the database or empties a table.'
    : deletes
      ? `It deletes more than ${ONE_PERSON_BOUND.deleted} rows, cascades included.`
      : `It changes more than ${ONE_PERSON_BOUND.changed.toLocaleString('en')} rows, triggers included.`;
  return hold('destructive', 'Too large for one person to release', because, 2);
};

const irreversible: Rule = ({ footprint, blastRadius }) =>
  footprint.readOnly || blastRadius.reversible
    ? null
    : hold(
        'irreversible',
        'It cannot be undone',
        'Part of the effect survives a rollback or cannot be restored.',
      );

const unclassified: Rule = ({ blastRadius }) =>
  blastRadius.classes.includes('unclassified')
    ? hold(
        'unclassified',
        'Unclassified data',
        'It touches columns nobody has classified; they count as sensitive.',
      )
    : null;

const beyondClearance: Rule = ({ agent, blastRadius }) => {
  const missing = blastRadius.classes.filter(
    (c) => c !== 'unclassified' && !OPEN_TO_AGENTS.has(c) && !agent.clearances.includes(c),
  );
  return missing.length === 0
    ? null
    : hold(
        'clearance',
        'Beyond the agent’s clearance',
        `${agent.name} is not cleared for ${missing.join(', ')} data.`,
      );
};

const largeRead: Rule = ({ footprint, blastRadius }) => {
  if (!footprint.items.some((i) => i.operation === 'read')) return null;
  if (exceeds(blastRadius.rowsRead, SMALL_READ.rows)) {
    return hold(
      'large-read',
      'A large read',
      `It reads more than ${SMALL_READ.rows.toLocaleString('en')} rows.`,
    );
  }
  const sensitive = blastRadius.classes.some(isSensitive);
  return sensitive && exceeds(blastRadius.people, SMALL_READ.people)
    ? hold(
        'many-people',
        'Data of many people',
        `It reads sensitive data of more than ${SMALL_READ.people} people.`,
      )
    : null;
};

const leaves: Rule = ({ footprint }) =>
  footprint.items.some((i) => i.kind === 'audience' || i.operation === 'pay')
    ? hold('leaves', 'It reaches other people', 'Sending, sharing, inviting and paying wait for a person.')
    : null;

const nothingKnown: Rule = ({ footprint }) =>
  footprint.method === 'none'
    ? hold(
        'nothing-known',
        'Nothing is known about it',
        'No rule covers an action whose effect is not described.',
      )
    : null;

const RULES: readonly Rule[] = [
  destructive,
  unmeasured,
  irreversible,
  unclassified,
  beyondClearance,
  largeRead,
  leaves,
  changes,
  estimated,
  nothingKnown,
];

function judge(facts: PolicyFacts): Verdict {
  const forbidden = facts.footprint.forbidden;
  if (forbidden) {
    const rule = {
      id: `forbidden:${forbidden.rule}`,
      title: 'Forbidden statement',
      because: forbidden.message,
    };
    return { verdict: 'deny', policy: POLICY, rules: [{ ...rule, verdict: 'deny' }] };
  }
  const holds = RULES.flatMap((rule) => rule(facts) ?? []);
  if (holds.length > 0) {
    const obligation: Obligation = {
      reviewers: [],
      quorum: Math.max(...holds.map((h) => h.quorum)),
      expirySeconds: HOLD_SECONDS,
      presence: 'session',
    };
    return {
      verdict: 'hold',
      policy: POLICY,
      obligation,
      rules: holds.map((h) => ({ ...h.rule, verdict: 'hold' as const })),
    };
  }
  const because = 'A small read of classified data within the agent’s clearance.';
  return {
    verdict: 'allow',
    policy: POLICY,
    rules: [{ id: 'small-read', title: 'Small read within clearance', because, verdict: 'allow' }],
  };
}

/** The rules that ship with Holdpoint. An error inside them holds for two people; it never allows. */
export const builtinPolicy: PolicyEngine = {
  evaluate(facts) {
    try {
      return judge(facts);
    } catch (error) {
      const because = `The rules could not be evaluated: ${error instanceof Error ? error.message : 'unknown error'}.`;
      return {
        verdict: 'hold',
        policy: POLICY,
        obligation: { reviewers: [], quorum: 2, expirySeconds: HOLD_SECONDS, presence: 'session' },
        rules: [{ id: 'policy-error', title: 'Policy could not be evaluated', because, verdict: 'hold' }],
      };
    }
  },
};
