import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { syntheticScan } from '../../bench/synthetic-scan';
import { LocalScreener } from '../../src-main/engine/host/local-screener';
import { createOnnxEngine } from '../../src-main/engine/onnx/onnx-engine';
import type { MapScore, ModelBundle } from '../../src-shared/domain/model-bundle';
import type { ScanSource } from '../../src-shared/domain/scan';
import type { ScoredView } from '../../src-shared/domain/screening-outcome';
import { toAttenuationPlanes, toTradeColours } from '../../src-shared/imaging/attenuation-planes';
import { anomalyScores } from '../../src-shared/screening/tile-scores';
import { turnTiles } from '../../src-shared/screening/turn-tiles';
import { writeMapBundle } from '../fixtures/map-bundle';
import { temporaryFolder, tinyCalibration, writeTinyBundle } from '../fixtures/tiny-bundle';
import { writeRgbPng } from '../fixtures/write-scan-files';

const WIDTH = 200;
const HEIGHT = 150;
const picture = syntheticScan(WIDTH, HEIGHT, 1);

let folder: string;
let bundle: ModelBundle;
let source: ScanSource;
let screener: LocalScreener;

beforeAll(async () => {
  folder = await temporaryFolder();
  bundle = await writeTinyBundle(folder, { calibration: tinyCalibration() });
  source = await writeRgbPng(path.join(folder, 'bag.png'), picture);
  screener = new LocalScreener();
  await screener.load(bundle, 'onnx');
});
afterAll(() => screener.dispose());

async function scoredView(of: ScanSource): Promise<ScoredView> {
  const outcome = await screener.screen(of);
  if (outcome.state !== 'screened') throw new Error(outcome.error.message);
  const view = outcome.views[0];
  if (view?.state !== 'scored') throw new Error(view?.error.message ?? 'no view');
  return view;
}

describe('LocalScreener', () => {
  it('says what it runs on', async () => {
    const facts = await screener.load(bundle, 'onnx');
    expect(facts).toMatchObject({
      engine: 'onnx',
      bundleId: bundle.manifest.id,
      processId: process.pid,
    });
    expect(facts.runtime).toMatch(/^onnxruntime \d+\.\d+\.\d+, cpu, \d+ threads$/);
  });

  it('scores every tile that holds material with the score of that very tile', async () => {
    const view = await scoredView(source);
    // 200×150 at stride 16 with 32-pixel tiles, the last ones snapped to the edge.
    expect(view.tiles).toEqual({ count: 12 * 9, skipped: 0, strideX: 16, strideY: 16 });
    expect(view.tileScores).toHaveLength(12 * 9);

    const tile = view.tileScores.at(50);
    if (tile === undefined) throw new Error('no tile 50');
    const values = new Float32Array(32 * 32 * 3);
    for (let row = 0; row < 32; row++) {
      const from = ((tile.y + row) * WIDTH + tile.x) * 3;
      values.set(
        Array.from(picture.rgb.subarray(from, from + 96), (byte) => byte / 127.5 - 1),
        row * 96,
      );
    }
    const model = await createOnnxEngine().load(bundle);
    const tiles = { count: 1, height: 32, width: 32, channels: 3, values };
    const { latentDifference } = await model.runTiles(tiles, ['latentDifference']);
    await model.dispose();
    const expected = anomalyScores('reference', latentDifference ?? new Float32Array(), 6);
    expect(tile.anomalyScore).toBe(expected[0]);
  });

  it('says where the time went and how far it is', async () => {
    const shares: number[] = [];
    const outcome = await screener.screen(source, (share) => shares.push(share));
    expect(shares.at(-1)).toBe(1);
    expect(shares).toEqual([...shares].sort((a, b) => a - b));
    if (outcome.state !== 'screened') throw new Error(outcome.error.message);
    expect(Object.keys(outcome.timesMs)).toEqual(['read', 'tile', 'score', 'map']);
    expect(outcome.timesMs.score).toBeGreaterThan(0);
  });

  it('calls a scan that cannot be read unscored, and goes on', async () => {
    const broken = path.join(folder, 'broken.png');
    await writeFile(broken, 'not a picture at all, though it is named as one');
    const [bad, missing, good] = await Promise.all([
      screener.screen({ kind: 'file', path: broken }),
      screener.screen({ kind: 'file', path: path.join(folder, 'missing.png') }),
      screener.screen(source),
    ]);
    expect(bad).toMatchObject({ state: 'unscored', error: { code: 'format-unknown' } });
    expect(missing).toMatchObject({ state: 'unscored', error: { code: 'file-not-found' } });
    expect(good.state).toBe('screened');
  });

  it('calls a view without open beam unscored, never clear', async () => {
    const rgb = new Uint8Array(WIDTH * HEIGHT * 3).fill(90);
    const dark = await writeRgbPng(path.join(folder, 'dark.png'), {
      widthPx: WIDTH,
      heightPx: HEIGHT,
      rgb,
    });
    expect(await screener.screen(dark)).toMatchObject({
      state: 'screened',
      views: [{ state: 'unscored', error: { code: 'no-open-beam' } }],
    });
  });

  it('calls a view in which nothing lies unscored, never clear', async () => {
    const rgb = new Uint8Array(WIDTH * HEIGHT * 3).fill(255);
    const empty = await writeRgbPng(path.join(folder, 'empty.png'), {
      widthPx: WIDTH,
      heightPx: HEIGHT,
      rgb,
    });
    expect(await screener.screen(empty)).toMatchObject({
      state: 'screened',
      views: [{ state: 'unscored', error: { code: 'no-tile-scored' } }],
    });
  });

  it('is cancelled before and while it scores', async () => {
    const cancelled = { state: 'unscored', error: { code: 'cancelled' } };
    const before = await screener.screen(source, undefined, AbortSignal.abort());
    expect(before).toMatchObject(cancelled);
    const large = await writeRgbPng(path.join(folder, 'large.png'), syntheticScan(600, 600, 2));
    const abort = new AbortController();
    const during = await screener.screen(
      large,
      () => {
        abort.abort();
      },
      abort.signal,
    );
    expect(during).toMatchObject(cancelled);
  });

  it('reads the planes that were scored, and reads a changed file anew', async () => {
    const file = path.join(folder, 'changing.png');
    const first = await writeRgbPng(file, picture);
    const planes = await screener.readPlanes(first, 0);
    expect(planes).toMatchObject({ viewCount: 1, widthPx: WIDTH, heightPx: HEIGHT });
    expect(Buffer.compare(planes.rgb, picture.rgb)).toBe(0);
    await writeRgbPng(file, syntheticScan(120, 100, 3));
    expect(await screener.readPlanes(first, 0)).toMatchObject({ widthPx: 120, heightPx: 100 });
    await expect(screener.readPlanes(first, 1)).rejects.toMatchObject({
      code: 'arguments-invalid',
    });
  });

  it('shows a tile as the model sees it and gives it back', async () => {
    const tile = (await scoredView(source)).tileScores.at(40);
    if (tile === undefined) throw new Error('no tile 40');
    const seen = await screener.inspectTile(source, 0, tile);
    expect(seen.tileSizePx).toBe(32);
    const from = ((tile.y + 5) * WIDTH + tile.x + 7) * 3;
    const at = (5 * 32 + 7) * 3;
    expect([...seen.original.subarray(at, at + 3)]).toEqual([
      ...picture.rgb.subarray(from, from + 3),
    ]);
    expect(seen.reconstruction).toHaveLength(32 * 32 * 3);
    expect(seen.difference[at]).toBe(
      Math.abs((seen.original[at] ?? NaN) - (seen.reconstruction[at] ?? NaN)),
    );
    const off = { x: 3, y: 3, width: 32, height: 32 };
    await expect(screener.inspectTile(source, 0, off)).rejects.toMatchObject({
      code: 'arguments-invalid',
    });
  });

  it('scores nothing without a model, in words', async () => {
    const empty = new LocalScreener();
    expect(await empty.screen(source)).toMatchObject({
      state: 'unscored',
      error: { code: 'engine-unavailable' },
    });
    await empty.dispose();
  });

  it('keeps the model it has when another cannot be loaded', async () => {
    const other = await writeTinyBundle(folder, { seed: 5 });
    await writeFile(path.join(other.directory, 'model.onnx'), 'changed');
    await expect(screener.load(other, 'onnx')).rejects.toMatchObject({
      code: 'bundle-hash-mismatch',
    });
    expect((await screener.screen(source)).state).toBe('screened');
  });
});

describe('LocalScreener with an anomaly map', () => {
  const mapScreener = new LocalScreener();
  afterAll(() => mapScreener.dispose());
  const screened = async (of: ScanSource): Promise<ScoredView> => {
    const outcome = await mapScreener.screen(of);
    if (outcome.state !== 'screened') throw new Error(outcome.error.message);
    const view = outcome.views[0];
    if (view?.state !== 'scored') throw new Error(view?.error.message ?? 'no view');
    return view;
  };

  it('scores squares of the map that the comparator gives for its tiles', async () => {
    const map = await writeMapBundle(folder, {
      mapScore: { meanRadius: 0, turns: 1 },
      calibration: tinyCalibration(),
    });
    await mapScreener.load(map, 'onnx');
    // One tile alone, so that the map is the network's own.
    const alone = syntheticScan(32, 32, 4);
    const view = await screened(await writeRgbPng(path.join(folder, 'one-tile.png'), alone));
    expect(view.tiles).toEqual({ count: 4, skipped: 0, strideX: 16, strideY: 16 });
    expect(view.tileScores.map(({ x, y, width, height }) => [x, y, width, height])).toEqual([
      [0, 0, 16, 16],
      [16, 0, 16, 16],
      [0, 16, 16, 16],
      [16, 16, 16, 16],
    ]);
    const model = await createOnnxEngine().load(map);
    const values = toAttenuationPlanes(alone.rgb);
    const tiles = { count: 1, height: 32, width: 32, channels: 2, values };
    const { anomalyMap = new Float32Array() } = await model.runTiles(tiles, ['anomalyMap']);
    await model.dispose();
    const highest = [0, 8, 128, 136].map((corner) =>
      Math.max(
        ...Array.from({ length: 64 }, (_, cell) => corner + (cell >> 3) * 16 + (cell & 7)).map(
          (cell) => anomalyMap[cell] ?? NaN,
        ),
      ),
    );
    view.tileScores.forEach(({ anomalyScore }, i) => {
      expect(anomalyScore).toBeCloseTo(highest[i] ?? NaN, 5);
    });
    expect(view.anomalyScoreMax).toBeCloseTo(Math.max(...highest), 5);
  });

  it('leaves squares of open beam out, and takes off what the area of the others adds', async () => {
    const half = syntheticScan(32, 32, 4);
    // The tile in the middle reaches over the border, so that its right half is a map of air.
    const rgb = new Uint8Array(64 * 32 * 3).fill(255);
    for (let row = 0; row < 32; row++) {
      rgb.set(half.rgb.subarray(row * 96, (row + 1) * 96), row * 64 * 3);
    }
    const file = path.join(folder, 'half-air.png');
    const scores = async (mapScore: MapScore): Promise<number[]> => {
      const map = await writeMapBundle(folder, { mapScore, calibration: tinyCalibration() });
      await mapScreener.load(map, 'onnx');
      const view = await screened(await writeRgbPng(file, { ...half, widthPx: 64, rgb }));
      expect(view.tileScores.map(({ x, y }) => [x, y])).toEqual([
        [0, 0],
        [16, 0],
        [0, 16],
        [16, 16],
      ]);
      return view.tileScores.map(({ anomalyScore }) => anomalyScore);
    };
    const plain = await scores({ meanRadius: 1, turns: 1 });
    const area = { slope: 2, squares: 10 };
    const less = await scores({ meanRadius: 1, turns: 1, area });
    plain.forEach((score, i) => {
      expect(score - (less[i] ?? NaN)).toBeCloseTo(2 * Math.log(4 / 10), 6);
    });
  });

  it('covers what holds material with squares, and shows the tile around any of them', async () => {
    await mapScreener.load(
      await writeMapBundle(folder, { calibration: tinyCalibration() }),
      'onnx',
    );
    const view = await screened(source);
    const covered = new Set(
      view.tileScores.flatMap(({ x, y, width, height }) =>
        Array.from(
          { length: width * height },
          (_, i) => (y + Math.floor(i / width)) * WIDTH + x + (i % width),
        ),
      ),
    );
    const planes = toAttenuationPlanes(picture.rgb);
    const bare = Array.from({ length: WIDTH * HEIGHT }, (_, pixel) => pixel).filter(
      (pixel) => (planes[2 * pixel] ?? NaN) > -0.95 && !covered.has(pixel),
    );
    expect(bare).toEqual([]);
    const { length: scored } = view.tileScores;
    expect(scored).toBeGreaterThan(60);
    expect(view.tiles).toEqual({ count: 130, skipped: 130 - scored, strideX: 16, strideY: 16 });
    expect(view.displayScoreMax).toBeGreaterThanOrEqual(0);
    for (const tile of [view.tileScores[0], view.tileScores[64], view.tileScores.at(-1)]) {
      if (tile === undefined) throw new Error('no tile');
      const seen = await mapScreener.inspectTile(source, 0, tile);
      expect(seen.tileSizePx).toBe(32);
      for (const shown of [seen.original, seen.reconstruction, seen.difference]) {
        expect(shown).toHaveLength(32 * 32 * 3);
      }
    }
    // In a corner it is the corner's tile, in the colours that its planes stand for.
    for (const [square, left, top] of [
      [view.tileScores[0], 0, 0],
      [view.tileScores.at(-1), WIDTH - 32, HEIGHT - 32],
    ] as const) {
      if (square === undefined) throw new Error('no tile');
      const rows = Array.from({ length: 32 }, (_, row) => {
        const from = ((top + row) * WIDTH + left) * 3;
        return [...picture.rgb.subarray(from, from + 96)];
      });
      const planes = toAttenuationPlanes(Uint8Array.from(rows.flat()));
      const { original } = await mapScreener.inspectTile(source, 0, square);
      expect(Buffer.compare(original, toTradeColours(planes))).toBe(0);
    }
    const off = { x: 3, y: 3, width: 16, height: 16 };
    await expect(mapScreener.inspectTile(source, 0, off)).rejects.toMatchObject({
      code: 'arguments-invalid',
    });
  });

  it('gives a turned picture the turned scores where all turns are averaged', async () => {
    await mapScreener.load(
      await writeMapBundle(folder, { calibration: tinyCalibration() }),
      'onnx',
    );
    const side = 64;
    const { rgb } = syntheticScan(side, side, 6);
    const quarter = Uint8Array.from(turnTiles(Float32Array.from(rgb), side, 3, 1));
    const square = { widthPx: side, heightPx: side };
    const upright = await screened(
      await writeRgbPng(path.join(folder, 'upright.png'), { ...square, rgb }),
    );
    const turned = await screened(
      await writeRgbPng(path.join(folder, 'turned.png'), { ...square, rgb: quarter }),
    );
    const scores = upright.tileScores.map(({ anomalyScore }) => anomalyScore);
    expect(new Set(scores).size).toBeGreaterThan(8);
    const expected = turnTiles(Float32Array.from(scores), 4, 1, 1);
    turned.tileScores.forEach(({ anomalyScore }, i) => {
      expect(anomalyScore).toBeCloseTo(expected[i] ?? NaN, 4);
    });
  });

  it('calls a view in which nothing lies unscored, never clear', async () => {
    await mapScreener.load(await writeMapBundle(folder), 'onnx');
    const rgb = new Uint8Array(64 * 64 * 3).fill(255);
    const air = await writeRgbPng(path.join(folder, 'air.png'), {
      widthPx: 64,
      heightPx: 64,
      rgb,
    });
    expect(await mapScreener.screen(air)).toMatchObject({
      state: 'screened',
      views: [{ state: 'unscored', error: { code: 'no-tile-scored' } }],
    });
  });
});
