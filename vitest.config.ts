import { svelte } from '@sveltejs/vite-plugin-svelte';
import { defineConfig } from 'vitest/config';

/** One project for each kind of test, named as its folder; `npx vitest run --project unit` runs one. */
const kinds = ['unit', 'property', 'contract', 'golden'];

export default defineConfig({
  plugins: [svelte()],
  test: {
    environment: 'node',
    // Native engines do not live in worker threads: each file gets a process.
    pool: 'forks',
    testTimeout: 60_000,
    hookTimeout: 120_000,
    env: { TF_CPP_MIN_LOG_LEVEL: '2' },
    projects: kinds.map((name) => ({
      extends: true,
      test: { name, include: [`test/${name}/**/*.test.ts`] },
    })),
  },
});
