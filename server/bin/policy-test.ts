// `npm run policy:test`: every case beside the policies, as a table. Exits with 1 when a verdict differs or a policy has no case.

import { createCedarPolicy } from '../adapters/policy/cedar/cedar-policy';
import { checkPolicies } from '../adapters/policy/cedar/check-policies';
import { readDefaultPolicies } from '../adapters/policy/cedar/read-policies';
import {
  type CaseResult,
  DEFAULT_CASES,
  readCases,
  runCases,
  withoutCase,
} from '../adapters/policy/cedar/run-cases';

const say = (line: string) => process.stdout.write(`${line}\n`);

const obligationOf = ({ verdict }: CaseResult): string =>
  verdict.verdict === 'hold' ? `${verdict.obligation.quorum} to release` : '';

function showResults(results: readonly CaseResult[]): void {
  const rows = results.map((r) => [
    r.faults.length === 0 ? '✓' : '✗',
    r.case.name,
    obligationOf(r),
    r.verdict.rules.map((rule) => rule.id).join(', '),
  ]);
  const widths = [0, 1, 2].map((column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  for (const [i, row] of rows.entries()) {
    say(
      `  ${row
        .map((cell, column) => cell.padEnd(widths[column] ?? 0))
        .join('  ')
        .trimEnd()}`,
    );
    for (const fault of results[i]?.faults ?? []) say(`      ${fault}`);
  }
}

try {
  const policies = readDefaultPolicies();
  const ids = Object.keys(policies);
  const cases = readCases(DEFAULT_CASES);
  const engine = createCedarPolicy({ policies });
  const results = runCases(engine, cases);
  showResults(results);
  const faults = [
    ...checkPolicies(policies).map((p) => `${p.policy} is wrong: ${p.message}`),
    ...withoutCase(ids, cases).map((id) => `${id} has no case: add one under cases/ that expects it.`),
  ];
  for (const fault of faults) say(`  ✗ ${fault}`);
  const failed = results.filter((r) => r.faults.length > 0).length + faults.length;
  say(`\n${ids.length} policies, ${cases.length} cases`);
  say(`${results.filter((r) => r.faults.length === 0).length} passed, ${failed} failed`);
  process.exitCode = failed > 0 ? 1 : 0;
} catch (error) {
  say(error instanceof Error ? error.message : String(error));
  say('0 passed, 1 failed');
  process.exitCode = 1;
}
