import { validate } from './engine';
import { readNotes } from './policy-notes';
import { type Policies, SCHEMA } from './read-policies';

export type PolicyProblem = { policy: string; message: string };

const said = (error: { message: string; help: string | null }): string =>
  error.help === null ? error.message : `${error.message} (${error.help})`;

function problemsOfNotes(policy: string, text: string): PolicyProblem[] {
  const answer = readNotes(text);
  if (!answer.ok) return answer.problems.map((message) => ({ policy, message }));
  return answer.notes.id === policy ? [] : [{ policy, message: `its @id is "${answer.notes.id}"` }];
}

/**
 * Everything wrong with a set of policies: syntax, facts that do not exist, types, annotations. Empty means every one of them can be evaluated
 * on every request the schema admits.
 */
export function checkPolicies(policies: Policies): PolicyProblem[] {
  const notes = Object.entries(policies).flatMap(([policy, text]) => problemsOfNotes(policy, text));
  const answer = validate({ schema: SCHEMA, policies: { staticPolicies: { ...policies } } });
  // The engine reports success for a set full of errors; only the list counts.
  const errors =
    answer.type === 'failure'
      ? answer.errors.map((e) => ({ policy: '', message: said(e) }))
      : [...answer.validationErrors, ...answer.validationWarnings].map((e) => ({
          policy: e.policyId,
          message: said(e.error),
        }));
  return [...errors, ...notes];
}
