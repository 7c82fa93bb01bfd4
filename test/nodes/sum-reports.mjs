// Adds up vitest's JSON reports: `node sum-reports.mjs BROKEN_STEPS REPORT…`. A step that broke without a failed test,
// a report that is missing and, under CI, a skipped test each count as one failure.
import { readFileSync } from 'node:fs';

const [broken, ...paths] = process.argv.slice(2);
let passed = 0;
let failed = 0;
let skipped = 0;
for (const path of paths) {
  try {
    const report = JSON.parse(readFileSync(path, 'utf8'));
    passed += report.numPassedTests;
    failed += report.numFailedTests + (report.success ? 0 : report.numFailedTests === 0 ? 1 : 0);
    skipped += report.numPendingTests + report.numTodoTests;
    for (const file of report.testResults)
      for (const test of file.assertionResults.filter((each) => each.status === 'failed')) {
        console.log(
          `failed: ${file.name}: ${test.fullName}\n  ${test.failureMessages.join('\n').split('\n').slice(0, 6).join('\n  ')}`,
        );
      }
  } catch (error) {
    console.log(`no report: ${error.message}`);
    failed += 1;
  }
}
if (skipped > 0) console.log(`${skipped} tests were skipped, which CI does not allow`);
failed += skipped;
if (failed === 0) failed += Number(broken);
console.log(`${passed} passed, ${failed} failed`);
process.exitCode = failed === 0 ? 0 : 1;
