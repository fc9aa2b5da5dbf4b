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
  const reports = [vitestTotals(), playwrightTotals()].filter((totals) => totals !== undefined);
  const sum = (key) => reports.reduce((total, report) => total + report[key], 0);
  if (sum('skipped') > 0) process.stdout.write(`${sum('skipped')} skipped\n`);
  process.stdout.write(`${sum('passed')} passed, ${sum('failed')} failed\n`);
  return reports.length > 0 && sum('failed') === 0 && sum('passed') > 0;
}

function vitestTotals() {
  const report = readReport('vitest.json');
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

function playwrightTotals() {
  const report = readReport('playwright.json');
  if (report === undefined) return undefined;
  const { expected, unexpected, flaky, skipped } = report.stats;
  return { passed: expected, failed: unexpected + flaky + report.errors.length, skipped };
}

function readReport(name) {
  const file = join(reportFolder, name);
  return existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : undefined;
}
