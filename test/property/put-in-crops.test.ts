import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { AttenuationPicture } from '../../src-lab/put-in/attenuation-picture';
import type { PutInCrop, PutInRecipe } from '../../src-lab/put-in/put-in-crops';
import { drawCrop } from '../../src-lab/put-in/put-in-crops';
import { PART_FAMILIES } from '../../src-lab/put-in/solid-part';
import { RandomStream } from '../../src-lab/simulator/random-stream';

const SIDE = 48;
const RECIPE: PutInRecipe = {
  sidePx: SIDE,
  families: PART_FAMILIES,
  sizePx: [8, 40],
  solidChance: 1,
  maxSolids: 3,
  overlayChance: 0.5,
  blackAttenuation: 2.5,
  maxDistractors: 2,
  distractorPx: [3, 10],
  scanners: { zoom: 1.2, gain: 1, blurPx: 0, noise: 0 },
};
/** In planes; float32 and the sampling's roundings. */
const TINY = 1e-5;

const seeds = fc.integer({ min: 0, max: 1e6 });
const pictures = [bag(1), bag(2)];
const air: AttenuationPicture = {
  widthPx: 70,
  heightPx: 60,
  planes: new Float32Array(70 * 60 * 2).fill(-1),
};

function draw(seed: number, recipe: Partial<PutInRecipe> = {}, of = pictures): PutInCrop {
  return drawCrop(of, { ...RECIPE, ...recipe }, new RandomStream(['crop', seed]));
}

/** What each pixel gained of attenuation. */
function gains({ input, clean }: PutInCrop): number[] {
  return Array.from(
    { length: SIDE * SIDE },
    (_, pixel) => 2 * ((input[2 * pixel] ?? NaN) - (clean[2 * pixel] ?? NaN)),
  );
}

describe('a crop with solids put in', () => {
  it('is marked only where a solid can be seen', () => {
    let marked = 0;
    fc.assert(
      fc.property(seeds, (seed) => {
        const crop = draw(seed);
        const gained = gains(crop);
        expect(crop.mask.filter((value) => value !== 0 && value !== 1)).toHaveLength(0);
        const unseen = gained.filter((gain, pixel) => crop.mask[pixel] === 1 && !(gain > 0.05));
        expect(unseen).toEqual([]);
        marked += crop.mask.reduce((sum, value) => sum + value, 0);
      }),
      { numRuns: 60 },
    );
    // Solids are seen in the crops at all: a few per cent of their pixels.
    expect(marked).toBeGreaterThan(60 * SIDE * SIDE * 0.02);
  });

  it('is marked wherever it is clearly darker than without', () => {
    fc.assert(
      fc.property(seeds, (seed) => {
        const crop = draw(seed);
        const missed = gains(crop).filter((gain, pixel) => gain > 0.15 && crop.mask[pixel] !== 1);
        expect(missed).toEqual([]);
      }),
      { numRuns: 60 },
    );
  });

  it('never gets lighter, and is never darker than black', () => {
    fc.assert(
      fc.property(seeds, (seed) => {
        const crop = draw(seed);
        expect(Math.min(...gains(crop))).toBeGreaterThan(-TINY);
        for (const planes of [crop.input, crop.clean]) {
          expect(planes.every(Number.isFinite)).toBe(true);
          const all = planes.filter((_, i) => i % 2 === 0);
          const metal = planes.filter((_, i) => i % 2 === 1);
          // Black is drawn up to 3 % about the recipe's.
          expect(Math.max(...all)).toBeLessThanOrEqual(
            (1.03 * RECIPE.blackAttenuation) / 2 - 1 + TINY,
          );
          expect(Math.min(...all)).toBeGreaterThanOrEqual(-1 - TINY);
          // The metal's part is a share of the whole.
          expect(Math.min(...metal)).toBeGreaterThanOrEqual(-1 - TINY);
          expect(Math.max(...metal.map((m, i) => m - (all[i] ?? NaN)))).toBeLessThan(TINY);
        }
      }),
      { numRuns: 60 },
    );
  });

  it('is left alone where no solid is put in', () => {
    fc.assert(
      fc.property(seeds, (seed) => {
        const { input, clean, mask } = draw(seed, { solidChance: 0 });
        expect(input).toEqual(clean);
        expect(mask.every((value) => value === 0)).toBe(true);
      }),
      { numRuns: 20 },
    );
  });

  it('is shown as another scanner would: as a whole lighter or darker, softer and noisier', () => {
    const others = { zoom: 1.5, gain: 1.3, blurPx: 1, noise: 0.1 };
    fc.assert(
      fc.property(seeds, (seed) => {
        const { input, clean, mask } = draw(seed, { scanners: others, solidChance: 0 });
        expect(mask.every((value) => value === 0)).toBe(true);
        expect(input.every(Number.isFinite)).toBe(true);
        // The clean crop has the same look but no noise; noise is the same share of both planes.
        const shares = Array.from({ length: SIDE * SIDE }, (_, pixel) => {
          const [all, metal] = [(clean[2 * pixel] ?? NaN) + 1, (clean[2 * pixel + 1] ?? NaN) + 1];
          const shown = (input[2 * pixel] ?? NaN) + 1;
          const shownMetal = (input[2 * pixel + 1] ?? NaN) + 1;
          return all > 0.2 && metal > 0.05 ? shown / all - shownMetal / metal : 0;
        });
        expect(Math.max(...shares.map(Math.abs))).toBeLessThan(0.01);
      }),
      { numRuns: 30 },
    );
  });

  it('stays open beam where nothing lies', () => {
    const bare = { maxDistractors: 0 };
    fc.assert(
      fc.property(seeds, (seed) => {
        const empty = draw(seed, { ...bare, solidChance: 0 }, [air]);
        expect(Math.max(...empty.input.map((value) => Math.abs(value + 1)))).toBeLessThan(TINY);
        const { clean, input, mask } = draw(seed, bare, [air]);
        expect(Math.max(...clean.map((value) => Math.abs(value + 1)))).toBeLessThan(TINY);
        const around = input.filter((value, i) => {
          const near = neighbourhood(Math.floor(i / 2)).some((pixel) => mask[pixel] === 1);
          return !near && Math.abs(value + 1) > 0.07;
        });
        expect([...around]).toEqual([]);
      }),
      { numRuns: 40 },
    );
  });

  it('is the same from the same stream, and another from another', () => {
    fc.assert(
      fc.property(seeds, (seed) => {
        const first = draw(seed);
        expect(draw(seed)).toEqual(first);
        expect(draw(seed + 1).input).not.toEqual(first.input);
      }),
      { numRuns: 15 },
    );
  });

  it.each(PART_FAMILIES)('shows solids of the family %s', (family) => {
    const crops = Array.from({ length: 8 }, (_, seed) => draw(seed, { families: [family] }, [air]));
    const marked = crops.map(({ mask }) => mask.reduce((sum, value) => sum + value, 0));
    expect(marked.filter((pixels) => pixels > 5).length).toBeGreaterThan(4);
  });
});

/** A pixel and those around it. */
function neighbourhood(pixel: number): number[] {
  const [x, y] = [pixel % SIDE, Math.floor(pixel / SIDE)];
  const cells: number[] = [];
  for (let dy = -1; dy <= 1; dy++) {
    for (let dx = -1; dx <= 1; dx++) {
      const inside = x + dx >= 0 && x + dx < SIDE && y + dy >= 0 && y + dy < SIDE;
      if (inside) cells.push((y + dy) * SIDE + x + dx);
    }
  }
  return cells;
}

/** A bag of boxes of any attenuation and material on air. */
function bag(seed: number): AttenuationPicture {
  const random = new RandomStream(['made-up bag', seed]);
  const [widthPx, heightPx] = [90, 70];
  const planes = new Float32Array(widthPx * heightPx * 2).fill(-1);
  for (let box = 0; box < 14; box++) {
    const [left, top] = [random.integer(5, 60), random.integer(5, 40)];
    const [gain, index] = [random.range(0.05, 0.4), random.next()];
    for (let y = top; y < top + 22; y++) {
      for (let x = left; x < left + 22; x++) {
        const at = 2 * (y * widthPx + x);
        // Benign pictures are no darker than their own black.
        if ((planes[at] ?? NaN) + gain / 2 > RECIPE.blackAttenuation / 2 - 1) continue;
        planes[at] = (planes[at] ?? NaN) + gain / 2;
        planes[at + 1] = (planes[at + 1] ?? NaN) + (gain * index) / 2;
      }
    }
  }
  return { widthPx, heightPx, planes };
}
