import type { PolicyEngine } from '@/server/domain/ports';
import type { PolicyFacts, Verdict } from '@/server/domain/verdict';
import { checkPolicies } from './check-policies';
import { statefulIsAuthorized } from './engine';
import { holdForFailure, type Matched, mergeVerdict } from './merge-verdict';
import { type PolicyNotes, readNotes } from './policy-notes';
import { hashOfPolicies, preparedSchema, preparedSet } from './prepared-sets';
import { type Policies, readDefaultPolicies } from './read-policies';
import { type PolicyRequest, requestFor } from './request';

export type CedarOptions = {
  /** Policies by id; those that ship with Holdpoint unless given. */
  policies?: Policies;
  /** Stands before the content's hash in every verdict. */
  name?: string;
  /** Milliseconds of a clock that never goes back. */
  nowMs?: () => number;
};

/** Evaluation has no loops; a set that takes this long stalls the whole process, and its answers are not trusted to be meant. */
const SLOW_MS = 1_000;
/** Agents repeat themselves, and an answer follows from the request alone. */
const REMEMBERED_MAX = 2_000;

type PolicySet = { hash: string; policies: Policies; notes: ReadonlyMap<string, PolicyNotes> };

/** Throws when anything is wrong with a policy: a set is in force as a whole or not at all. */
function loadSet(policies: Policies): PolicySet {
  const problems = checkPolicies(policies);
  if (problems.length > 0) {
    throw new Error(problems.map((p) => `${p.policy} ${p.message}`.trim()).join('; '));
  }
  const notes = new Map<string, PolicyNotes>();
  for (const [id, text] of Object.entries(policies)) {
    const read = readNotes(text);
    if (read.ok) notes.set(id, read.notes);
  }
  return { hash: hashOfPolicies(policies), policies, notes };
}

const prepare = (set: PolicySet) => ({
  preparsedPolicySetId: preparedSet(set.hash, set.policies),
  preparsedSchemaName: preparedSchema(),
});
type Prepared = ReturnType<typeof prepare>;

/** Asks Cedar. Throws when it gave no answer; errors inside single policies are part of the answer. */
function ask(set: PolicySet, prepared: Prepared, request: PolicyRequest): Matched {
  const answer = statefulIsAuthorized({ ...request, ...prepared, validateRequest: true });
  if (answer.type === 'failure') throw new Error(answer.errors.map((e) => e.message).join('; '));
  const { decision, diagnostics } = answer.response;
  // In the order they are written: that is the order their authors thought of them.
  const reasons = new Set(diagnostics.reason);
  return {
    allowed: decision === 'allow',
    matched: [...set.notes.values()].filter((notes) => reasons.has(notes.id)),
    errors: diagnostics.errors.map((e) => `${e.policyId}: ${e.error.message}`),
  };
}

/**
 * Policy in Cedar. Never throws and never fails open: a set that does not load, a request that does not fit the schema, a policy that errors
 * (which Cedar itself would skip) and an engine that is slow or broken all hold for two people.
 */
export function createCedarPolicy(options: CedarOptions = {}): PolicyEngine {
  const { name = 'default', nowMs = () => performance.now() } = options;
  const remembered = new Map<string, Matched>();
  let set: PolicySet | string;
  try {
    set = loadSet(options.policies ?? readDefaultPolicies());
  } catch (error) {
    set = reasonOf(error);
  }
  const policy = typeof set === 'string' ? `${name}@invalid` : `${name}@${set.hash.slice(0, 12)}`;

  function answerFor(loaded: PolicySet, request: PolicyRequest): Matched {
    const key = JSON.stringify(request);
    const known = remembered.get(key);
    if (known !== undefined) return known;
    // Preparing a set takes its time once; only evaluating is watched.
    const prepared = prepare(loaded);
    const started = nowMs();
    const answer = ask(loaded, prepared, request);
    const tookMs = nowMs() - started;
    if (tookMs > SLOW_MS) throw new Error(`it took ${Math.round(tookMs)} ms.`);
    const [oldest] = remembered.keys();
    if (remembered.size >= REMEMBERED_MAX && oldest !== undefined) remembered.delete(oldest);
    remembered.set(key, answer);
    return answer;
  }

  function evaluate(facts: PolicyFacts): Verdict {
    if (typeof set === 'string') return holdForFailure(set, policy);
    try {
      return mergeVerdict(answerFor(set, requestFor(facts)), facts, policy);
    } catch (error) {
      return holdForFailure(reasonOf(error), policy);
    }
  }
  return { evaluate };
}

const reasonOf = (error: unknown): string => (error instanceof Error ? error.message : 'unknown error');
