import { svelte } from '@sveltejs/vite-plugin-svelte';
import { defineConfig } from 'electron-vite';
import { resolve } from 'node:path';

const inRepository = (...parts: string[]) => resolve(import.meta.dirname, ...parts);

/**
 * The oldest runtimes the program is run on: Node 20.18 inside Electron 33 (and Node 20.19 for the
 * command line), Chrome 130 in its windows.
 */
const oldestNode = 'node20.18';
const oldestChrome = 'chrome130';

export default defineConfig({
  main: {
    build: {
      outDir: inRepository('dist/main'),
      target: oldestNode,
      sourcemap: true,
      externalizeDeps: { include: ['@tensorflow/tfjs-node-gpu', '@tensorflow/tfjs'] },
      rolldownOptions: {
        input: {
          main: inRepository('src-main/main.ts'),
          'host-process': inRepository('src-main/engine/host/host-process.ts'),
          phiscan: inRepository('src-main/cli/phiscan.ts'),
          bench: inRepository('bench/bench.ts'),
        },
        output: { entryFileNames: '[name].js', chunkFileNames: 'chunks/[name]-[hash].js' },
      },
    },
  },
  preload: {
    build: {
      outDir: inRepository('dist/preload'),
      target: oldestNode,
      // A sandboxed preload has no module loader: one CommonJS file with everything in it.
      externalizeDeps: false,
      rolldownOptions: {
        input: { preload: inRepository('src-main/preload/preload.ts') },
        output: { format: 'cjs', entryFileNames: '[name].cjs' },
      },
    },
  },
  renderer: {
    root: inRepository('src-renderer'),
    plugins: [svelte()],
    build: {
      outDir: inRepository('dist/renderer'),
      target: oldestChrome,
      minify: true,
      // Fonts and pictures stay files: the window's content policy allows no data: URLs.
      assetsInlineLimit: 0,
      rolldownOptions: {
        input: { index: inRepository('src-renderer/index.html') },
        checks: { bundlerTimings: false },
      },
    },
  },
});
