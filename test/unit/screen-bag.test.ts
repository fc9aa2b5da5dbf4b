import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { darknessTiles } from '../../src-lab/evaluation/darkness-tiles';
import type { Bag } from '../../src-lab/evaluation/find-bags';
import { measureBag } from '../../src-lab/evaluation/measured-bag';
import { sheetPicture } from '../../src-lab/evaluation/report/picture-sheet';
import type { ScoredBag } from '../../src-lab/evaluation/screen-bag';
import { BagScreener } from '../../src-lab/evaluation/screen-bag';
import { boxesOf } from '../../src-lab/evaluation/tile-set';
import type { LoadedModel } from '../../src-main/engine/engine';
import { parsePng } from '../../src-main/scan-io/raster/parse-png';
import { DEFAULT_READ_LIMITS } from '../../src-main/scan-io/read-limits';
import { writeSmallBundle } from '../fixtures/small-bundle';
import { writeSmallScan } from '../fixtures/small-scan';

let folder: string;
let bag: Bag;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'phiscan-screen-'));
  const path = await writeSmallScan(folder, 'bag.png');
  const threats = [{ class: 'gun', view: 0, box: { x: 30, y: 30, width: 20, height: 20 } }];
  bag = { name: path, source: { kind: 'file', path }, threats, masks: null };
});
afterAll(() => rm(folder, { recursive: true, force: true }));

/** A model of the laboratory: a tile's latent difference is its mean darkness, and nothing else. */
const darknessModel: LoadedModel = {
  runtime: 'test',
  runTiles: ({ count, values }) => {
    const length = values.length / count;
    const latentDifference = Float32Array.from({ length: count * 8 }, (_, at) => {
      const first = Math.floor(at / 8) * length;
      const sum = values.subarray(first, first + length).reduce((a, b) => a + b, 0);
      return 1 - sum / length;
    });
    return Promise.resolve({ latentDifference });
  },
  dispose: () => Promise.resolve(),
};

async function screened(): Promise<ScoredBag> {
  const { manifest } = await writeSmallBundle(join(folder, 'models'));
  const scored = await new BagScreener(darknessModel, manifest).screen(bag);
  if (scored.state === 'unscored') throw new Error(scored.error.message);
  return scored;
}

test('any loaded model screens bags by a recipe', async () => {
  const scored = await screened();
  const [view] = scored.views;
  const highest = view?.scored.tileScores.find(
    ({ anomalyScore }) => anomalyScore === scored.anomalyScoreMax,
  );
  // The darkest tile lies wholly on the object, which is at 24–72, 24–64.
  expect(highest).toMatchObject({ x: 32, width: 32, height: 32 });
  expect([...(await measureBag(scored, { other: scored })).tiles.keys()]).toEqual([
    'model',
    'darkness',
    'other',
  ]);
});

test('darkness has its own grid: tiles of 64 px at half scale, whatever the model’s are', async () => {
  const [view] = (await screened()).views;
  if (view === undefined) throw new Error('There is no view.');
  // 96 × 80 px at half scale are less than a tile: one, over the whole view.
  expect(boxesOf(darknessTiles(view.decoded))).toEqual([{ x: 0, y: 0, width: 96, height: 80 }]);
  const { view: facts, picture } = view.decoded;
  const wide = {
    view: { ...facts, widthPx: 288, heightPx: 240 },
    picture: {
      ...picture,
      widthPx: 288,
      heightPx: 240,
      rgb: new Uint8Array(288 * 240 * 3).fill(100),
      brightness: new Uint8Array(288 * 240).fill(100),
    },
  };
  const tiles = darknessTiles(wide);
  // At half scale 144 × 120: starts at 0, 32, 64, 80 and 0, 32, 56.
  expect(boxesOf(tiles).slice(0, 5)).toEqual([
    { x: 0, y: 0, width: 128, height: 128 },
    { x: 64, y: 0, width: 128, height: 128 },
    { x: 128, y: 0, width: 128, height: 128 },
    { x: 160, y: 0, width: 128, height: 128 },
    { x: 0, y: 64, width: 128, height: 128 },
  ]);
  expect(new Set(tiles.values)).toEqual(new Set([155]));
});

test('a picture of a sheet frames known threats in amber and alarms in magenta', async () => {
  const scored = await screened();
  const scale = { benignHighest: [0, 1, 2], level: scored.anomalyScoreMax - 1e-6 };
  const count = (png: Uint8Array, colour: readonly number[]) => {
    const { samples } = parsePng(png, DEFAULT_READ_LIMITS);
    let found = 0;
    for (let at = 0; at < samples.length; at += 3) {
      if (colour.every((part, channel) => samples[at + channel] === part)) found += 1;
    }
    return found;
  };
  const drawn = sheetPicture(scored, scale);
  const amber = [242, 184, 75];
  const magenta = [255, 77, 196];
  expect(count(drawn, amber)).toBeGreaterThan(40);
  expect(count(drawn, magenta)).toBeGreaterThan(40);
  const quiet = sheetPicture(
    { ...scored, bag: { ...bag, threats: null } },
    { ...scale, level: Number.POSITIVE_INFINITY },
  );
  expect(count(quiet, amber)).toBe(0);
  expect(count(quiet, magenta)).toBe(0);
});
