import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { View, ViewPixels } from '../../src-shared/domain/scan';
import {
  COUNTS_SEARCH,
  EXPORT_SEARCH,
  findOpenBeam,
} from '../../src-shared/imaging/find-open-beam';
import { toCanonicalPicture } from '../../src-shared/imaging/to-canonical-picture';
import { readScan } from '../../src-main/scan-io/read-scan';

/** Deterministic noise of a normal distribution, by the sum of uniform draws. */
function noise(seed: number): () => number {
  let state = seed;
  const draw = (): number => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
  return () => Array.from({ length: 12 }, draw).reduce((sum, value) => sum + value, -6);
}

function counts(
  length: number,
  levelAt: (pixel: number) => number,
  deviation: number,
): Uint16Array {
  const normal = noise(7);
  return Uint16Array.from({ length }, (_, pixel) =>
    Math.min(Math.max(Math.round(levelAt(pixel) + normal() * deviation), 0), 65_535),
  );
}

describe('findOpenBeam', () => {
  it('finds noisy air beside a bag, to a part in a thousand', () => {
    const values = counts(20_000, (pixel) => (pixel % 10 < 3 ? 60_000 : (pixel * 7) % 50_000), 350);
    const beam = findOpenBeam(values, COUNTS_SEARCH);
    expect(Math.abs((beam?.level ?? 0) - 60_000)).toBeLessThan(120);
    expect(beam?.share).toBeGreaterThan(0.28);
    expect(beam?.share).toBeLessThan(0.32);
  });

  it('is not led astray by hot detectors', () => {
    const values = counts(20_000, (pixel) => (pixel % 4 === 0 ? 58_000 : 20_000), 300);
    values.fill(65_535, 0, 8);
    expect(Math.abs((findOpenBeam(values, COUNTS_SEARCH)?.level ?? 0) - 58_000)).toBeLessThan(200);
  });

  it('believes air far under full scale only when a bag lies before it', () => {
    const withBag = counts(20_000, (pixel) => (pixel % 2 === 0 ? 20_000 : (pixel * 3) % 9000), 90);
    expect(Math.abs((findOpenBeam(withBag, COUNTS_SEARCH)?.level ?? 0) - 20_000)).toBeLessThan(100);
    expect(
      findOpenBeam(
        counts(20_000, () => 32_768, 150),
        COUNTS_SEARCH,
      ),
    ).toBeNull();
  });

  it('takes an empty belt for what it is', () => {
    expect(
      findOpenBeam(
        counts(5_000, () => 60_000, 300),
        COUNTS_SEARCH,
      )?.share,
    ).toBeGreaterThan(0.95);
  });

  it('finds none in pictures without air', () => {
    expect(findOpenBeam(new Uint16Array(5_000), COUNTS_SEARCH)).toBeNull();
    expect(
      findOpenBeam(
        counts(5_000, () => 800, 100),
        COUNTS_SEARCH,
      ),
    ).toBeNull();
    expect(findOpenBeam(new Uint8Array(5_000).fill(128), EXPORT_SEARCH)).toBeNull();
    expect(findOpenBeam(new Uint8Array(5_000), EXPORT_SEARCH)).toBeNull();
    expect(findOpenBeam(new Uint8Array(0), EXPORT_SEARCH)).toBeNull();
    // Every level as often as any other: the brightest holds too little to be a level.
    const ramp = Uint8Array.from({ length: 5_000 }, (_, pixel) => (pixel * 200) / 5_000);
    expect(findOpenBeam(ramp, EXPORT_SEARCH)).toBeNull();
  });

  it('finds the near-white of an export', () => {
    const values = Uint8Array.from({ length: 10_000 }, (_, pixel) =>
      pixel % 5 === 0 ? 244 + (pixel % 3) : (pixel * 13) % 230,
    );
    expect(findOpenBeam(values, EXPORT_SEARCH)?.level).toBeGreaterThanOrEqual(244);
  });
});

describe('toCanonicalPicture', () => {
  function view(pixels: ViewPixels, widthPx: number, heightPx: number): View {
    return { index: 0, widthPx, heightPx, pixelPitchMm: null, pixels };
  }

  it('leaves an export as it was delivered', () => {
    const rgb = Uint8Array.from({ length: 300 }, (_, at) => (at < 150 ? 255 : at % 256));
    const picture = toCanonicalPicture(view({ kind: 'rgb', rgb }, 10, 10));
    expect(picture.rgb).toEqual(rgb);
    expect(picture).toMatchObject({ transform: 'as-delivered', openBeam: { level: 255 } });
    expect(picture.brightness[0]).toBe(255);
  });

  it('divides grey by its open beam', () => {
    const grey = Uint16Array.from({ length: 100 }, (_, pixel) => (pixel < 50 ? 50_000 : 25_000));
    const picture = toCanonicalPicture(view({ kind: 'single-energy', grey }, 10, 10));
    expect(picture).toMatchObject({
      transform: 'grey-as-rgb',
      openBeam: { level: 50_000, share: 0.5 },
    });
    expect([...picture.rgb.subarray(0, 3), ...picture.rgb.subarray(297)]).toEqual([
      255, 255, 255, 128, 128, 128,
    ]);
  });

  it('draws dual energy the same whatever the detectors’ levels', () => {
    const high = Uint16Array.from({ length: 400 }, (_, pixel) => (pixel < 200 ? 60_000 : 12_000));
    const low = Uint16Array.from({ length: 400 }, (_, pixel) => (pixel < 200 ? 60_000 : 8_000));
    const weaker = low.map((count) => Math.round(count * 0.8));
    const a = toCanonicalPicture(view({ kind: 'dual-energy', low, high }, 20, 20));
    const b = toCanonicalPicture(view({ kind: 'dual-energy', low: weaker, high }, 20, 20));
    expect(a.transform).toBe('material-palette');
    expect(a.openBeam?.level).toBe(60_000);
    expect(b.rgb).toEqual(a.rgb);
    expect(b.brightness).toEqual(a.brightness);
    expect(a.brightness[399]).toBe(Math.round(255 * Math.sqrt(0.2 * (8 / 60))));
  });

  it('shows a view without open beam, and says that there is none', () => {
    const low = new Uint16Array(400).fill(900);
    const picture = toCanonicalPicture(view({ kind: 'dual-energy', low, high: low }, 20, 20));
    expect(picture.openBeam).toBeNull();
    expect(picture.rgb).toHaveLength(1200);
  });
});

const SIXRAY = join('..', 'shared', 'scans', 'sixray');
const DUAL_ENERGY = join('..', 'shared', 'scans', 'dual-energy');

describe.skipIf(!existsSync(SIXRAY))('real scans (skipped where ../shared/scans is absent)', () => {
  it('have an open beam, each and every one', async () => {
    const without: string[] = [];
    for (const folder of ['test/benign', 'test/threat', 'train/benign']) {
      // Every tenth keeps the test short; all 560 were checked when the search was made.
      const names = readdirSync(join(SIXRAY, folder)).filter((_, index) => index % 10 === 0);
      for (const name of names) {
        const scan = await readScan({ kind: 'file', path: join(SIXRAY, folder, name) });
        for (const view of scan.views) {
          if (toCanonicalPicture(view).openBeam === null) without.push(name);
        }
      }
    }
    expect(without).toEqual([]);
  });

  it('of dual energy have it at 60,000', async () => {
    const lows = ['background', 'gun', 'knife', 'rifle'].flatMap((folder) =>
      readdirSync(join(DUAL_ENERGY, folder))
        .filter((name) => name.endsWith('_low.png'))
        .map((name) => join(DUAL_ENERGY, folder, name)),
    );
    for (const lowPath of lows) {
      const highPath = lowPath.replace('_low', '_high');
      const { views } = await readScan({ kind: 'pair', lowPath, highPath });
      const beam = views[0] === undefined ? null : toCanonicalPicture(views[0]).openBeam;
      expect(beam?.level, lowPath).toBeGreaterThan(59_000);
    }
  });
});
