import { expect, test } from 'vitest';
import { fromLine, fromPlaywright, fromVitest, nothing, settle, toLine } from './test-totals.mjs';

test('a runner that executed nothing has failed, whatever its exit code', () => {
  expect(settle(nothing(), 0)).toEqual({ passed: 0, failed: 1, skipped: 0 });
  expect(settle({ passed: 0, failed: 0, skipped: 9 }, 0).failed).toBe(1);
  expect(settle(fromVitest(null), 1).failed).toBe(1);
  expect(settle(fromPlaywright(null), 0).failed).toBe(1);
});

test('a runner that fails although every test passed has failed', () => {
  expect(settle({ passed: 5, failed: 0, skipped: 0 }, 1)).toEqual({ passed: 5, failed: 1, skipped: 0 });
});

test('failures that were counted are not counted twice', () => {
  expect(settle({ passed: 5, failed: 2, skipped: 0 }, 1).failed).toBe(2);
});

test('a test file that cannot be loaded counts as a failure', () => {
  const testResults = [
    { status: 'failed', assertionResults: [] },
    { status: 'failed', assertionResults: [{ status: 'failed' }, { status: 'passed' }] },
    { status: 'passed', assertionResults: [{ status: 'passed' }] },
  ];
  const report = { numPassedTests: 2, numFailedTests: 1, numPendingTests: 3, numTodoTests: 1, testResults };
  expect(fromVitest(report)).toEqual({ passed: 2, failed: 2, skipped: 4 });
});

test('a browser test that passes only on a second try has failed', () => {
  const stats = { expected: 4, unexpected: 1, flaky: 2, skipped: 1 };
  expect(fromPlaywright({ stats })).toEqual({ passed: 4, failed: 3, skipped: 1 });
});

test.each([
  { passed: 12, failed: 0, skipped: 0 },
  { passed: 0, failed: 1, skipped: 0 },
  { passed: 7, failed: 2, skipped: 3 },
])('the last line says the totals and nothing else: $passed, $failed, $skipped', (totals) => {
  const line = toLine(totals);
  expect(line).toMatch(/^\d+ passed, \d+ failed(, \d+ skipped)?$/);
  expect(fromLine(line)).toEqual(totals);
});
