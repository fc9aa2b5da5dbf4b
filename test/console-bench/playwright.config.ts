import { defineConfig } from '@playwright/test';

/** The console's benches in the real program; `npm run bench -- console` builds it and gives it a display. */
export default defineConfig({
  testDir: '.',
  testMatch: '*.bench.ts',
  outputDir: '../../test-results/bench',
  workers: 1,
  timeout: 3 * 60 * 60_000,
  expect: { timeout: 120_000 },
  reporter: [['line']],
});
