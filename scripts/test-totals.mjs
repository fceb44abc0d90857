// What the runners' own reports say, as one kind of total.
export const nothing = () => ({ passed: 0, failed: 0, skipped: 0 });

/** A runner that failed without a failed test, or executed nothing at all, has still failed. */
export function settle(totals, code) {
  const executed = totals.passed + totals.failed;
  return totals.failed === 0 && (code !== 0 || executed === 0) ? { ...totals, failed: 1 } : totals;
}

/** A file that could not be loaded holds no tests to fail: it counts as one failure. */
export function fromVitest(report) {
  const unloaded = (report?.testResults ?? []).filter(
    (file) => file.status === 'failed' && !file.assertionResults.some((test) => test.status === 'failed'),
  );
  return {
    passed: report?.numPassedTests ?? 0,
    failed: (report?.numFailedTests ?? 0) + unloaded.length,
    skipped: (report?.numPendingTests ?? 0) + (report?.numTodoTests ?? 0),
  };
}

/** A test that passes only when tried again has failed. */
export function fromPlaywright(report) {
  const { expected = 0, unexpected = 0, flaky = 0, skipped = 0 } = report?.stats ?? {};
  return { passed: expected, failed: unexpected + flaky, skipped };
}

/** The line `.ci/run` ends with. */
export const toLine = ({ passed, failed, skipped }) =>
  `${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`;

/** The same line, read back from a runner that ends with it; anything else is no total. */
export function fromLine(line) {
  const totals = nothing();
  for (const [, count, kind] of line.matchAll(/(\d+) (passed|failed|skipped)/g)) totals[kind] = Number(count);
  return totals;
}

export const add = (all, one) => ({
  passed: all.passed + one.passed,
  failed: all.failed + one.failed,
  skipped: all.skipped + one.skipped,
});
