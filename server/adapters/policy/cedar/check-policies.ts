import type { PolicyProblem } from '@/server/domain/policy-report';
import { validate } from './engine';
import { readNotes } from './policy-notes';
import { type Policies, SCHEMA } from './read-policies';

type EngineError = {
  message: string;
  help: string | null;
  sourceLocations?: { start: number; end: number }[];
};

const said = (error: EngineError): string =>
  error.help === null ? error.message : `${error.message} (${error.help})`;

/** The engine counts bytes of UTF-8; editors count UTF-16. */
function placeOf(error: EngineError, text: string | undefined): Partial<PolicyProblem> {
  const [at] = error.sourceLocations ?? [];
  if (at === undefined || text === undefined) return {};
  const bytes = Buffer.from(text, 'utf8');
  const upTo = (end: number) => bytes.subarray(0, end).toString('utf8');
  const lines = upTo(at.start).split('\n');
  return {
    from: upTo(at.start).length,
    to: upTo(at.end).length,
    line: lines.length,
    column: (lines.at(-1)?.length ?? 0) + 1,
  };
}

function problemsOfNotes(policy: string, text: string): PolicyProblem[] {
  const answer = readNotes(text);
  if (!answer.ok) return answer.problems.map((message) => ({ policy, message }));
  return answer.notes.id === policy ? [] : [{ policy, message: `its @id is "${answer.notes.id}"` }];
}

const check = (policies: Policies): PolicyProblem[] => {
  const answer = validate({ schema: SCHEMA, policies: { staticPolicies: { ...policies } } });
  const [only] = Object.entries(policies);
  // The engine reports success for a set full of errors; only the list counts.
  return answer.type === 'failure'
    ? answer.errors.map((e) => ({ policy: only?.[0] ?? '', message: said(e), ...placeOf(e, only?.[1]) }))
    : [...answer.validationErrors, ...answer.validationWarnings].map((e) => ({
        policy: e.policyId,
        message: said(e.error),
        ...placeOf(e.error, policies[e.policyId]),
      }));
};

/**
 * Everything wrong with a set of policies: syntax, facts that do not exist, types, annotations. Empty means every one of them can be evaluated
 * on every request the schema admits.
 */
export function checkPolicies(policies: Policies): PolicyProblem[] {
  const parsed = validate({ schema: SCHEMA, policies: { staticPolicies: { ...policies } } });
  // A set that does not parse names no policy: each is asked by itself.
  const errors =
    parsed.type === 'failure'
      ? Object.entries(policies).flatMap(([id, text]) => check({ [id]: text }))
      : check(policies);
  // What does not parse has no annotations to speak of.
  const broken = new Set(errors.map((e) => e.policy));
  const notes = Object.entries(policies).flatMap(([policy, text]) =>
    parsed.type === 'failure' && broken.has(policy) ? [] : problemsOfNotes(policy, text),
  );
  return [...errors, ...notes];
}
