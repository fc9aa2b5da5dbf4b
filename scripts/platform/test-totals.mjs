import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { inRepository } from './paths.mjs';

/** Where the test runners leave their JSON reports. */
export const reportFolder = inRepository('test-results', 'reports');

/**
 * Prints `N passed, N failed` on a line of its own, summed over the reports of the last run, and
 * before it what was skipped.
 * @returns {boolean} whether tests ran and none failed
 */
export function printTotals() {
  const { passed, failed, skipped } = readTotals(reportFolder);
  if (skipped > 0) process.stdout.write(`${skipped} skipped\n`);
  process.stdout.write(`${passed} passed, ${failed} failed\n`);
  return failed === 0 && passed > 0;
}

/**
 * The tests of a run, counted from the runners' reports. A report that is not there adds nothing.
 * @param {string} folder that holds vitest.json, playwright.json or both
 */
export function readTotals(folder) {
  const reports = [vitestTotals(folder), playwrightTotals(folder)];
  const sum = (key) => reports.reduce((total, report) => total + (report?.[key] ?? 0), 0);
  return { passed: sum('passed'), failed: sum('failed'), skipped: sum('skipped') };
}

function vitestTotals(folder) {
  const report = readReport(join(folder, 'vitest.json'));
  if (report === undefined) return undefined;
  // A file that could not be loaded has no tests of its own, and is one failure.
  const unloaded = report.testResults.filter(
    ({ status, assertionResults }) => status === 'failed' && assertionResults.length === 0,
  );
  return {
    passed: report.numPassedTests,
    failed: report.numFailedTests + unloaded.length,
    skipped: report.numPendingTests + report.numTodoTests,
  };
}

function playwrightTotals(folder) {
  const report = readReport(join(folder, 'playwright.json'));
  if (report === undefined) return undefined;
  const { expected, unexpected, flaky, skipped } = report.stats;
  return { passed: expected, failed: unexpected + flaky + report.errors.length, skipped };
}

function readReport(file) {
  return existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : undefined;
}
