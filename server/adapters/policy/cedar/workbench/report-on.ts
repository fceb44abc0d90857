import type { CaseReport, PolicyProblem, SetReport } from '@/server/domain/policy-report';
import type { PolicyCaseEntry, PolicySet } from '@/server/domain/policy-set';
import type { PolicyEngine } from '@/server/domain/ports';
import { readCase } from '../case-file';
import { createCedarPolicy } from '../cedar-policy';
import { checkPolicies } from '../check-policies';
import { enabledOf } from '../enabled';
import { faultsOfCase } from '../run-cases';
import { NOBODY_WAITS } from './compare';

const reasonOf = (error: unknown): string => {
  if (!(error instanceof Error)) return String(error);
  const issues = (error as { issues?: { path: PropertyKey[]; message: string }[] }).issues;
  return issues === undefined
    ? error.message
    : issues.map((i) => `${i.path.join('.')} ${i.message}`.trim()).join('; ');
};

function reportOnCase(engine: PolicyEngine, entry: PolicyCaseEntry): CaseReport {
  const { name, verdict } = entry;
  try {
    const read = readCase(name, verdict, JSON.parse(entry.text));
    const faults = faultsOfCase(read, engine.evaluate(read.facts));
    return { name, verdict, title: read.title, policies: read.expect.policies, faults };
  } catch (error) {
    return { name, verdict, title: '', policies: [], faults: [`It cannot be read: ${reasonOf(error)}`] };
  }
}

/** What stands between a set and its publication: what is wrong with its policies, cases that fail, policies no case expects. */
export function reportOn(set: PolicySet): SetReport {
  const enabled = enabledOf(set.policies);
  const problems: PolicyProblem[] = checkPolicies(enabled);
  // A set that does not load holds everything for two: its cases would only repeat what is wrong.
  const engine = createCedarPolicy({ policies: enabled, nowMs: NOBODY_WAITS });
  const cases = problems.length > 0 ? [] : set.cases.map((c) => reportOnCase(engine, c));
  const expected = new Set(cases.flatMap((c) => c.policies));
  const withoutCase = problems.length > 0 ? [] : Object.keys(enabled).filter((id) => !expected.has(id));
  return { problems, cases, withoutCase };
}
