// How many tests passed, failed and were skipped, read from the reports that
// ctest (JUnit), Vitest and Playwright (JSON) write.

export function countVitest(report) {
  const { numPassedTests, numFailedTests, numPendingTests } =
    JSON.parse(report);
  return {
    passed: numPassedTests,
    failed: numFailedTests,
    skipped: numPendingTests,
  };
}

export function countPlaywright(report) {
  const { expected, flaky, unexpected, skipped } = JSON.parse(report).stats;
  return { passed: expected + flaky, failed: unexpected, skipped };
}

/** Counts GoogleTest's tests, of which one entry of ctest may hold many. */
export function countCtest(report) {
  const count = { passed: 0, failed: 0, skipped: 0 };
  for (const [entry] of report.matchAll(/<testcase [^]*?<\/testcase>/g)) {
    const number = (pattern) => Number(entry.match(pattern)?.[1] ?? 0);
    const status = entry.match(/ status="(\w+)"/)?.[1];
    const ran = number(/\[=+\] (\d+) tests? .* ran\./);
    if (ran === 0) {
      // No GoogleTest, or one that did not come to its end.
      const key = { run: 'passed', fail: 'failed' }[status] ?? 'skipped';
      count[key] += 1;
      continue;
    }
    const passed = number(/\[ *PASSED *\] (\d+) tests?/);
    const skipped = number(/\[ *SKIPPED *\] (\d+) tests?/);
    count.passed += passed;
    count.skipped += skipped;
    count.failed += ran - passed - skipped;
  }
  return count;
}
