import path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { syntheticScan } from '../../bench/synthetic-scan';
import { LocalScreener } from '../../src-main/engine/host/local-screener';
import type { ModelBundle } from '../../src-shared/domain/model-bundle';
import type { ScanSource } from '../../src-shared/domain/scan';
import type { ScoredView } from '../../src-shared/domain/screening-outcome';
import { writeMapBundle } from '../fixtures/map-bundle';
import { temporaryFolder, tinyCalibration, writeTinyBundle } from '../fixtures/tiny-bundle';
import { writeRgbPng } from '../fixtures/write-scan-files';

const screener = new LocalScreener();
let folder: string;
let source: ScanSource;

beforeAll(async () => {
  folder = await temporaryFolder();
  // Sides that no tile divides, so that the last ones are snapped to the edge.
  source = await writeRgbPng(path.join(folder, 'bag.png'), syntheticScan(117, 90, 3));
});
afterAll(() => screener.dispose());

async function scoredBy(bundle: ModelBundle): Promise<ScoredView> {
  await screener.load(bundle, 'onnx');
  const outcome = await screener.screen(source);
  const view = outcome.state === 'screened' ? outcome.views[0] : undefined;
  if (view?.state !== 'scored') throw new Error('the view is scored');
  return view;
}

test('a latent score is taken apart into the values that make half of it', async () => {
  const view = await scoredBy(await writeTinyBundle(folder, { calibration: tinyCalibration() }));
  for (const tile of [view.tileScores[0], view.tileScores[9], view.tileScores.at(-1)]) {
    if (tile === undefined) throw new Error('there is such a tile');
    const { parts, map } = await screener.inspectTile(source, 0, tile);
    if (parts.kind !== 'latent') throw new Error('the bundle scores latent differences');
    expect(parts.anomalyScore).toBeCloseTo(tile.anomalyScore, 6);
    expect(parts.latentValues).toBe(6);
    expect(parts.halfFrom).toBeGreaterThanOrEqual(1);
    expect(parts.halfFrom).toBeLessThanOrEqual(3);
    expect(parts.typicalScore).toBeCloseTo(21 / 40, 9);
    expect(parts.rebuiltDifference).toBeGreaterThan(0);
    expect(parts.rebuiltDifference).toBeLessThan(1);
    expect(map).toHaveLength(0);
  }
});

test.each([
  { meanRadius: 0, turns: 1 },
  { meanRadius: 2, turns: 4 },
] as const)(
  'a map’s score is made again exactly with $turns turns and a mean of radius $meanRadius',
  async (mapScore) => {
    const view = await scoredBy(
      await writeMapBundle(folder, { mapScore, calibration: tinyCalibration() }),
    );
    for (const square of view.tileScores.filter((_, index) => index % 5 === 0)) {
      const { parts, map } = await screener.inspectTile(source, 0, square);
      if (parts.kind !== 'map') throw new Error('the bundle scores a map');
      expect(parts.anomalyScore).toBeCloseTo(square.anomalyScore, 5);
      expect(parts.turnScores).toHaveLength(mapScore.turns);
      const mean = parts.turnScores.reduce((sum, score) => sum + score, 0) / mapScore.turns;
      expect(mean).toBeCloseTo(square.anomalyScore, 5);
      expect(parts.meanSidePx).toBe((2 * mapScore.meanRadius + 1) * 2);
      if (mapScore.meanRadius === 0)
        expect(parts.sharpestScore).toBeCloseTo(square.anomalyScore, 5);
      expect(map).toHaveLength(16 * 16);
    }
  },
);

test('the map of the shown tile holds the score of the square it was asked for', async () => {
  const view = await scoredBy(
    await writeMapBundle(folder, {
      mapScore: { meanRadius: 0, turns: 1 },
      calibration: tinyCalibration(3),
    }),
  );
  const highest = view.tileScores.reduce((best, tile) =>
    tile.anomalyScore > best.anomalyScore ? tile : best,
  );
  const { map } = await screener.inspectTile(source, 0, highest);
  expect(Math.max(...map) / 255).toBeCloseTo(highest.displayScore, 2);
});

test('without a scale there is no map on it, and no typical bag', async () => {
  const view = await scoredBy(await writeMapBundle(folder, { calibration: null }));
  const [square] = view.tileScores;
  if (square === undefined) throw new Error('a square was scored');
  const { parts, map } = await screener.inspectTile(source, 0, square);
  expect(map).toHaveLength(0);
  expect(parts.typicalScore).toBeNull();
});
