import { describe, expect, it } from 'vitest';
import type { PutInPicturesOptions } from '../../src-lab/put-in/put-in-pictures';
import { PutInPictures } from '../../src-lab/put-in/put-in-pictures';
import type { FoundScan } from '../../src-main/scan-io/group-scan-sources';
import type { Preprocessing, TilingScale } from '../../src-shared/domain/model-bundle';
import { PhiscanError } from '../../src-shared/domain/phiscan-error';
import type { Scan } from '../../src-shared/domain/scan';

const PREPROCESSING: Preprocessing = {
  canonicalPicture: 'phiscan-material-1',
  range: 'minus-one-to-one',
  input: 'attenuation',
  greyTransform: 'grey-as-rgb',
  materialBelowOpenBeam: 0.95,
  minMaterialShare: 0.02,
};
const scaleOf = (factor: number): TilingScale => ({
  scale: { unit: 'factor', factor },
  tileSizePx: 32,
  stridePx: 16,
});
const WIDTH = 60;
const HEIGHT = 40;
/** Two float32 planes. */
const PICTURE_BYTES = WIDTH * HEIGHT * 8;

describe('pictures to put solids into', () => {
  it('are the scans’ planes at every scale', async () => {
    const pictures = await open(['0', '1'], { scales: [scaleOf(1), scaleOf(0.5)] });
    expect(pictures).toMatchObject({ scanCount: 2, blockCount: 1, skipped: [] });
    const sizes = (await pictures.block(0)).map(({ widthPx, heightPx, planes }) => {
      expect(planes).toHaveLength(widthPx * heightPx * 2);
      return [widthPx, heightPx];
    });
    expect(sizes).toEqual([
      [60, 40],
      [30, 20],
      [60, 40],
      [30, 20],
    ]);
    const [first] = await pictures.block(0);
    expect(first?.planes[0]).toBe(-1);
    expect(first?.planes[2 * (20 * WIDTH + 30)]).toBeGreaterThan(-0.9);
  });

  it('are the same in blocks that memory holds one at a time', async () => {
    const names = ['0', '1', '2', '3', '4'];
    const whole = await (await open(names)).block(0);
    const blocked = await open(names, { memoryBytes: 2 * PICTURE_BYTES });
    expect(blocked.blockCount).toBe(3);
    const again = [];
    for (let block = 0; block < 3; block++) {
      const pictures = await blocked.block(block);
      expect(pictures.reduce((sum, { planes }) => sum + planes.byteLength, 0)).toBeLessThanOrEqual(
        2 * PICTURE_BYTES,
      );
      again.push(...pictures);
    }
    expect(again).toEqual(whole);
    expect(again).toHaveLength(5);
    expect(await blocked.block(4)).toEqual(await blocked.block(1));
  });

  it('read a block once while it is asked for again', async () => {
    const reads: string[] = [];
    const blocked = await open(['0', '1'], { memoryBytes: 1, onRead: (name) => reads.push(name) });
    expect(reads).toEqual(['0', '1']);
    for (const block of [1, 1, 0, 0, 0]) await blocked.block(block);
    expect(reads).toEqual(['0', '1', '0']);
  });

  it('have a fingerprint of their scans, whatever the order', async () => {
    const first = await open(['0', '1', '2']);
    const turned = await open(['2', '0', '1']);
    expect(turned.fingerprint).toBe(first.fingerprint);
    expect(turned.scanSha256s).toEqual(first.scanSha256s);
    expect((await open(['0', '1'])).fingerprint).not.toBe(first.fingerprint);
    expect((await open(['0', '1', '3'])).fingerprint).not.toBe(first.fingerprint);
  });

  it('know their palette’s black: what hardly a pixel exceeds', async () => {
    // The darkest square of a scan is of brightness 20 in 255.
    const { blackAttenuation } = await open(['0', '1']);
    expect(blackAttenuation).toBeGreaterThan(-Math.log(20 / 255) - 0.02);
    expect(blackAttenuation).toBeLessThan(-Math.log(20 / 255) + 0.02);
    // A single black pixel in more than ten thousand is dirt.
    const dirty = await open(['0', '1', '2', '3', '4', 'dirty']);
    expect(dirty.blackAttenuation).toBe(blackAttenuation);
  });

  it('leave out what cannot be read, and say so', async () => {
    const pictures = await open(['0', 'unreadable', 'broken', '1']);
    expect(pictures.scanCount).toBe(2);
    expect(pictures.skipped.map(({ path, error }) => [path, error.code])).toEqual([
      ['unreadable', 'file-corrupt'],
      ['broken', 'energy-pair-incomplete'],
    ]);
    expect(await pictures.block(0)).toHaveLength(2);
  });

  it('refuse a folder without any scan, or with none that can be read', async () => {
    await expect(open([])).rejects.toMatchObject({ code: 'training-impossible' });
    await expect(open(['unreadable'])).rejects.toMatchObject({
      code: 'training-impossible',
      message: expect.stringContaining('unreadable') as string,
    });
  });

  it('stop when reading is cancelled', async () => {
    const opening = open(['0', '1'], { signal: AbortSignal.abort() });
    await expect(opening).rejects.toMatchObject({ code: 'cancelled' });
  });
});

function open(
  names: readonly string[],
  options: Partial<PutInPicturesOptions> & { onRead?: (name: string) => void } = {},
): Promise<PutInPictures> {
  const { onRead, ...rest } = options;
  return PutInPictures.open({
    found: names.map(found),
    readScan: (source) => {
      const name = source.kind === 'file' ? source.path : source.lowPath;
      onRead?.(name);
      if (name === 'unreadable') {
        return Promise.reject(new PhiscanError('file-corrupt', 'unreadable is cut short.'));
      }
      return Promise.resolve(scanOf(name));
    },
    preprocessing: PREPROCESSING,
    scales: [scaleOf(1)],
    memoryBytes: 1e8,
    ...rest,
  });
}

function found(name: string): FoundScan {
  if (name === 'broken') {
    const error = new PhiscanError('energy-pair-incomplete', 'The other half is missing.');
    return { state: 'broken', path: name, error };
  }
  return { state: 'found', source: { kind: 'file', path: name } };
}

/** White air with a grey square, darkest in its middle; the name moves its shade. */
function scanOf(name: string): Scan {
  const rgb = new Uint8Array(WIDTH * HEIGHT * 3).fill(255);
  const shade = 100 + 10 * (Number.parseInt(name, 10) || 0);
  for (let y = 10; y < 30; y++) {
    for (let x = 15; x < 45; x++) {
      const grey = x > 25 && x < 35 && y > 15 && y < 25 ? 20 : shade;
      rgb.fill(grey, (y * WIDTH + x) * 3, (y * WIDTH + x) * 3 + 3);
    }
  }
  if (name === 'dirty') rgb.fill(0, (12 * WIDTH + 18) * 3, (12 * WIDTH + 18) * 3 + 3);
  return {
    sha256: Buffer.from(name).toString('hex').padEnd(64, '0'),
    format: 'png',
    views: [
      {
        index: 0,
        widthPx: WIDTH,
        heightPx: HEIGHT,
        pixelPitchMm: null,
        pixels: { kind: 'rgb', rgb },
      },
    ],
  };
}
