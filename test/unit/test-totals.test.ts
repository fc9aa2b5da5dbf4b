import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { readTotals } from '../../scripts/platform/test-totals.mjs';

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'phiscan-reports-'));
});

afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

const write = (name: string, report: object) =>
  writeFileSync(join(folder, name), JSON.stringify(report));

const vitestReport = {
  numPassedTests: 40,
  numFailedTests: 0,
  numPendingTests: 2,
  numTodoTests: 0,
  testResults: [{ status: 'passed', assertionResults: [{}] }],
};

describe('readTotals', () => {
  it('sums the runners’ reports', () => {
    write('vitest.json', vitestReport);
    write('playwright.json', {
      stats: { expected: 5, unexpected: 0, flaky: 0, skipped: 1 },
      errors: [],
    });
    expect(readTotals(folder)).toEqual({ passed: 45, failed: 0, skipped: 3 });
  });

  it('counts a test file that could not be loaded as a failure', () => {
    write('vitest.json', {
      ...vitestReport,
      testResults: [{ status: 'failed', assertionResults: [] }],
    });
    expect(readTotals(folder)).toMatchObject({ passed: 40, failed: 1 });
  });

  it('counts flaky journeys and errors outside any test as failures', () => {
    write('playwright.json', {
      stats: { expected: 5, unexpected: 1, flaky: 1, skipped: 0 },
      errors: [{ message: 'the global setup failed' }],
    });
    expect(readTotals(folder)).toEqual({ passed: 5, failed: 3, skipped: 0 });
  });

  it('reports nothing passed where no runner left a report', () => {
    expect(readTotals(folder)).toEqual({ passed: 0, failed: 0, skipped: 0 });
  });
});
