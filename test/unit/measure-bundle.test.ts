import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { measureBundle } from '../../src-lab/experiments/measure-bundle';
import { selectEngine } from '../../src-main/engine/select-engine';
import { writeSmallBundle } from '../fixtures/small-bundle';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'phiscan-measure-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

test('a bundle has a figure on every class, over all patches of the test', async () => {
  const bundle = await writeSmallBundle(folder);
  const model = await selectEngine('onnx').load(bundle);
  const bags: number[] = [];
  const record = await measureBundle(
    { manifest: bundle.manifest, model },
    {
      protocol: 'uba',
      classes: ['gun', 'knife'],
      testBags: 1,
      watch: { onProgress: (done) => bags.push(done) },
    },
  );
  await model.dispose();
  expect(bags).toEqual([1, 2]);
  expect(record.bundle).toBe(bundle.manifest.id);
  expect(record.scored.normal).toBeGreaterThan(20);
  for (const name of ['gun', 'knife']) {
    expect(record.scored.abnormal[name]).toBeGreaterThan(0);
    for (const figures of [record.auroc.bundle, record.auroc.darkness]) {
      expect(figures[name]).toBeGreaterThanOrEqual(0);
      expect(figures[name]).toBeLessThanOrEqual(1);
    }
  }
  // Guns are steel: the darkest patches of their bags are mostly theirs.
  expect(record.auroc.darkness['gun']).toBeGreaterThan(0.6);
});
