import { describe, expect, it } from 'vitest';
import type { ScanPatchesOptions } from '../../src-lab/datasets/scan-patches';
import { ScanPatches } from '../../src-lab/datasets/scan-patches';
import type { FoundScan } from '../../src-main/scan-io/group-scan-sources';
import type { Preprocessing, TilingScale } from '../../src-shared/domain/model-bundle';
import { PhiscanError } from '../../src-shared/domain/phiscan-error';
import type { Scan } from '../../src-shared/domain/scan';

const PREPROCESSING: Preprocessing = {
  canonicalPicture: 'phiscan-material-1',
  range: 'minus-one-to-one',
  greyTransform: 'grey-as-rgb',
  materialBelowOpenBeam: 0.95,
  minMaterialShare: 0.05,
};
const SCALE: TilingScale = {
  scale: { unit: 'factor', factor: 1 },
  tileSizePx: 32,
  stridePx: 32,
};
const WIDTH = 160;
const HEIGHT = 96;
/** Of 5 × 3 tiles the left column and the lower row show air. */
const PATCHES_PER_SCAN = 8;
const PATCH_LENGTH = 32 * 32 * 3;

describe('patches from scans', () => {
  it('are the tiles with material, each once an epoch', async () => {
    const patches = await open(['0', '1', '2']);
    expect(patches).toMatchObject({ scanCount: 3, patchCount: 3 * PATCHES_PER_SCAN, skipped: [] });
    const seen = (await epoch(patches, 0)).map(nameOf);
    expect(seen).toHaveLength(24);
    expect(new Set(seen).size).toBe(24);
    for (const name of seen) expect(name).toMatch(/^scan [012] column [1234] row [01]$/);
  });

  it('come in another order in each epoch and for each seed, and in the same one again', async () => {
    const order = async (seed: number, which: number): Promise<string[]> =>
      (await epoch(await open(['0', '1', '2'], { seed }), which)).map(nameOf);
    const first = await order(1, 0);
    expect(await order(1, 0)).toEqual(first);
    expect(await order(1, 1)).not.toEqual(first);
    expect(await order(2, 0)).not.toEqual(first);
  });

  it('start anywhere in an epoch with the same batches', async () => {
    const patches = await open(['0', '1', '2']);
    const whole = await batches(patches, { batchSize: 5 });
    expect(whole).toHaveLength(4);
    for (let skipBatches = 0; skipBatches <= 4; skipBatches++) {
      expect(await batches(patches, { batchSize: 5, skipBatches })).toEqual(
        whole.slice(skipBatches),
      );
    }
  });

  it('are the same patches when memory holds one scan at a time', async () => {
    const reads: string[] = [];
    const options = { memoryBytes: 1, onRead: (name: string) => reads.push(name) };
    const tight = await open(['0', '1', '2'], options);
    const whole = await batches(tight, { batchSize: 5 });
    const names = (await epoch(tight, 0)).map(nameOf);
    expect([...names].sort()).toEqual(
      (await epoch(await open(['0', '1', '2']), 0)).map(nameOf).sort(),
    );
    // Whole scans follow each other.
    expect(
      new Set([0, 8, 16].map((start) => new Set(names.slice(start, start + 8).map(scanOf)).size)),
    ).toEqual(new Set([1]));
    for (let skipBatches = 0; skipBatches <= 4; skipBatches++) {
      reads.length = 0;
      const rest = await batches(tight, { batchSize: 5, skipBatches });
      expect(rest).toEqual(whole.slice(skipBatches));
    }
    // The last request begins at the epoch's end: at most the last scan is needed.
    expect(reads.length).toBeLessThanOrEqual(1);
  });

  it('are drawn evenly from all scans when an epoch takes only some', async () => {
    const tight = await open(['0', '1', '2'], { memoryBytes: 1 });
    expect(tight.batchesPerEpoch({ batchSize: 4, patchesPerEpoch: 12 })).toBe(3);
    const some = await batches(tight, { batchSize: 4, patchesPerEpoch: 12 });
    const names = some.flatMap(patchesOf).map(nameOf);
    expect(new Set(names).size).toBe(12);
    for (const scan of ['0', '1', '2']) {
      expect(names.filter((name) => scanOf(name) === scan)).toHaveLength(4);
    }
  });

  it('are flipped in all four ways', async () => {
    const patches = await open(['0']);
    const seen = new Set<string>();
    for (let index = 0; index < 8; index++) {
      for (const patch of await epoch(patches, index)) {
        // Colours grow to the right in green and downwards in blue.
        const across = (patch[3 + 1] ?? 0) > (patch[1] ?? 0);
        const down = (patch[32 * 3 + 2] ?? 0) > (patch[2] ?? 0);
        seen.add(`${String(across)} ${String(down)}`);
      }
    }
    expect(seen.size).toBe(4);
  });

  it('leave out scans that cannot be used, and say which', async () => {
    const broken: FoundScan = {
      state: 'broken',
      path: 'half_low.png',
      error: new PhiscanError('energy-pair-incomplete', 'half'),
    };
    const patches = await open(['0', 'truncated', 'dark', '1'], {}, [broken]);
    expect(patches.scanCount).toBe(2);
    expect(patches.skipped.map(({ path, error }) => [path, error.code]).sort()).toEqual([
      ['dark', 'no-open-beam'],
      ['half_low.png', 'energy-pair-incomplete'],
      ['truncated', 'file-truncated'],
    ]);
  });

  it('are refused when there are none', async () => {
    await expect(open(['air'])).rejects.toMatchObject({ code: 'training-impossible' });
    await expect(open([])).rejects.toMatchObject({ code: 'training-impossible' });
  });

  it('name their content: the same for the same scans, whatever the seed', async () => {
    const { fingerprint } = await open(['0', '1']);
    expect((await open(['0', '1'], { seed: 9 })).fingerprint).toBe(fingerprint);
    expect((await open(['0', '2'])).fingerprint).not.toBe(fingerprint);
  });

  it('stop being read when training is cancelled', async () => {
    const stop = new AbortController();
    const opened = open(['0', '1'], { signal: stop.signal, onRead: () => stop.abort() });
    await expect(opened).rejects.toMatchObject({ code: 'cancelled' });
  });

  it('are sampled whole, as bytes', async () => {
    const patches = await open(['0', '1']);
    const bytes = await patches.samplePatches(4);
    expect(bytes).toHaveLength(4 * PATCH_LENGTH);
    const asInput = Float32Array.from(bytes, (byte) => byte / 127.5 - 1);
    const names = patchesOf(asInput).map(nameOf);
    expect(new Set(names).size).toBe(4);
    for (const name of names) expect(name).toMatch(/^scan [01] column [1234] row [01]$/);
  });
});

function open(
  names: readonly string[],
  options: Partial<ScanPatchesOptions> & { onRead?: (name: string) => void } = {},
  more: readonly FoundScan[] = [],
): Promise<ScanPatches> {
  return ScanPatches.open({
    found: [
      ...names.map((path): FoundScan => ({ state: 'found', source: { kind: 'file', path } })),
      ...more,
    ],
    readScan: (source) => {
      const name = source.kind === 'file' ? source.path : source.lowPath;
      options.onRead?.(name);
      return Promise.resolve(name).then(scanNamed);
    },
    preprocessing: PREPROCESSING,
    scale: SCALE,
    seed: options.seed ?? 1,
    memoryBytes: options.memoryBytes ?? 1e9,
    ...(options.signal && { signal: options.signal }),
  });
}

async function batches(
  patches: ScanPatches,
  request: { batchSize: number; patchesPerEpoch?: number; skipBatches?: number },
): Promise<Float32Array[]> {
  const found: Float32Array[] = [];
  const { batchSize, patchesPerEpoch = null, skipBatches = 0 } = request;
  for await (const batch of patches.batches({
    epoch: 0,
    batchSize,
    patchesPerEpoch,
    skipBatches,
  })) {
    found.push(batch);
  }
  return found;
}

async function epoch(patches: ScanPatches, index: number): Promise<Float32Array[]> {
  const found: Float32Array[] = [];
  for await (const batch of patches.batches({
    epoch: index,
    batchSize: 4,
    patchesPerEpoch: null,
    skipBatches: 0,
  })) {
    found.push(...patchesOf(batch));
  }
  return found;
}

function patchesOf(batch: Float32Array): Float32Array[] {
  return Array.from({ length: batch.length / PATCH_LENGTH }, (_, i) =>
    batch.subarray(i * PATCH_LENGTH, (i + 1) * PATCH_LENGTH),
  );
}

/**
 * A scan that tells everything about itself in its colours: red by scan, green by column, blue
 * by row; the left column of tiles and the lowest row are air.
 */
function scanNamed(name: string): Scan {
  if (name === 'truncated') throw new PhiscanError('file-truncated', 'cut short');
  const rgb = new Uint8Array(WIDTH * HEIGHT * 3).fill(name === 'dark' ? 20 : 255);
  for (let y = 0; y < HEIGHT - 32; y++) {
    for (let x = 32; x < WIDTH; x++) {
      if (name === 'air' || name === 'dark') continue;
      rgb.set([20 * Number(name), x, y], (y * WIDTH + x) * 3);
    }
  }
  const pixels = { kind: 'rgb' as const, rgb };
  return {
    sha256: name,
    format: 'png',
    views: [{ index: 0, widthPx: WIDTH, heightPx: HEIGHT, pixelPitchMm: null, pixels }],
  };
}

/** Reads the name of a patch back from its colours, however it is flipped. */
function nameOf(patch: Float32Array): string {
  const smallest = (channel: number): number => {
    let least = Infinity;
    for (let i = channel; i < patch.length; i += 3) least = Math.min(least, patch[i] ?? Infinity);
    return Math.round((least + 1) * 127.5);
  };
  const scan = smallest(0) / 20;
  return `scan ${scan} column ${smallest(1) / 32} row ${smallest(2) / 32}`;
}

function scanOf(name: string): string {
  return name.slice(5, 6);
}
