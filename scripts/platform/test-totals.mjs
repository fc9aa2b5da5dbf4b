import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { inRepository } from './paths.mjs';

/** Where the test runners leave their JSON reports. */
export const reportFolder = inRepository('test-results', 'reports');

const totalsFile = join(reportFolder, 'totals.json');

/**
 * Keeps the totals of a run for printTotals.
 * @param {readonly number[]} codes the runners' exit codes; a runner that failed without a failed
 *   test in its report (it crashed, or found no tests) is one failure
 * @returns {boolean} whether tests ran and none failed
 */
export function recordTotals(codes) {
  const totals = readTotals(reportFolder);
  if (totals.failed === 0) totals.failed = codes.filter((code) => code !== 0).length;
  mkdirSync(reportFolder, { recursive: true });
  writeFileSync(totalsFile, JSON.stringify(totals));
  return totals.failed === 0 && totals.passed > 0;
}

/**
 * Prints `N passed, N failed` of the last run on a line of its own, and before it what was skipped.
 * A run that ended before its tests did is one failure.
 */
export function printTotals() {
  const none = { passed: 0, failed: 1, skipped: 0 };
  const { passed, failed, skipped } = readReport(totalsFile) ?? none;
  if (skipped > 0) process.stdout.write(`${skipped} skipped\n`);
  process.stdout.write(`${passed} passed, ${failed} failed\n`);
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
