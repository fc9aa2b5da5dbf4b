import { describe, expect, test } from 'vitest';
import { IDENTITY, translation } from '../../src-lab/simulator/geometry/affine';
import { SolidModel } from '../../src-lab/simulator/geometry/solid-model';
import { detectCounts, transmissionOf } from '../../src-lab/simulator/physics/detect-counts';
import {
  attenuationPerCm,
  MATERIAL_NAMES,
  TABLE_ENERGIES_KEV,
  type MaterialName,
} from '../../src-lab/simulator/physics/materials';
import { DEFAULT_SCANNER, type SimulatedScanner } from '../../src-lab/simulator/physics/scanner';
import { channelWeights } from '../../src-lab/simulator/physics/scanner-spectrum';
import { Projector, type PictureGeometry } from '../../src-lab/simulator/project-solids';
import { PhiscanError } from '../../src-shared/domain/phiscan-error';

const SIDE = 64;

/** Looks straight down on the origin: the middle ray is upright, its neighbours nearly so. */
const GEOMETRY: PictureGeometry = {
  widthPx: SIDE,
  heightPx: SIDE,
  pixelPitchMm: 1,
  firstX: -SIDE / 2,
  stepX: 1,
  firstY: -SIDE / 2,
  sourceY: 0,
  sourceToBeltMm: 700,
};
const MIDDLE = (SIDE / 2) * SIDE + SIDE / 2;

function slab(material: MaterialName, thicknessMm: number): SolidModel {
  return new SolidModel('slab').box(material, [40, 40, thicknessMm]);
}

function transmissionThrough(models: readonly SolidModel[], scanner: SimulatedScanner) {
  const projector = new Projector(GEOMETRY, scanner.beam.binsKev);
  for (const model of models) projector.project(model, translation(0, 0, 60));
  const planes = transmissionOf(projector.planes, scanner);
  return { low: planes.low[MIDDLE] ?? NaN, high: planes.high[MIDDLE] ?? NaN };
}

describe('attenuation coefficients', () => {
  test('are the table at its own energies', () => {
    expect(attenuationPerCm('water', 60)).toBeCloseTo(0.206, 6);
    expect(attenuationPerCm('steel', 60)).toBeCloseTo(9.48, 6);
    for (const energy of TABLE_ENERGIES_KEV) {
      for (const name of MATERIAL_NAMES)
        expect(attenuationPerCm(name, energy)).toBeGreaterThan(0.1);
    }
  });

  test('follow a straight line in logarithms between energies', () => {
    const between = attenuationPerCm('aluminium', Math.sqrt(60 * 80));
    expect(between).toBeCloseTo(Math.sqrt(0.75 * 0.545), 6);
  });

  test('jump at the K edge of lead', () => {
    expect(attenuationPerCm('lead', 87)).toBeLessThan(attenuationPerCm('lead', 89) / 3);
  });

  test('refuse energies outside the table', () => {
    expect(() => attenuationPerCm('steel', 20)).toThrow(PhiscanError);
  });
});

describe('channel weights', () => {
  test('sum to one, and the low channel sees the softer beam', () => {
    const { low, high } = channelWeights(DEFAULT_SCANNER.beam);
    const mean = (weights: Float64Array): number =>
      weights.reduce((sum, w, bin) => sum + w * (DEFAULT_SCANNER.beam.binsKev[bin] ?? 0), 0);
    expect(low.reduce((a, b) => a + b)).toBeCloseTo(1, 12);
    expect(high.reduce((a, b) => a + b)).toBeCloseTo(1, 12);
    expect(mean(low)).toBeGreaterThan(55);
    expect(mean(low)).toBeLessThan(70);
    expect(mean(high)).toBeGreaterThan(95);
    expect(mean(high)).toBeLessThan(120);
  });
});

describe('transmission of step wedges', () => {
  const wedges: [MaterialName, number][] = [
    ['water', 10],
    ['water', 80],
    ['cotton', 30],
    ['pvc', 3],
    ['aluminium', 2],
    ['aluminium', 25],
    ['steel', 0.5],
    ['steel', 4],
    ['steel', 15],
    ['lead', 1],
  ];
  test.each(wedges)('%s of %f mm is the direct integral', (material, thicknessMm) => {
    const { binsKev } = DEFAULT_SCANNER.beam;
    const weights = channelWeights(DEFAULT_SCANNER.beam);
    const integral = (channel: Float64Array): number =>
      binsKev.reduce((sum, energy, bin) => {
        const mu = attenuationPerCm(material, energy);
        return sum + (channel[bin] ?? 0) * Math.exp((-mu * thicknessMm) / 10);
      }, 0);
    const seen = transmissionThrough([slab(material, thicknessMm)], DEFAULT_SCANNER);
    expect(seen.low / integral(weights.low)).toBeCloseTo(1, 4);
    expect(seen.high / integral(weights.high)).toBeCloseTo(1, 4);
  });

  test('the beam hardens: effective attenuation falls with thickness', () => {
    const effective = [0.5, 2, 5, 10, 20].map((mm) => {
      const { low } = transmissionThrough([slab('steel', mm)], DEFAULT_SCANNER);
      return -Math.log(low) / mm;
    });
    for (let at = 1; at < effective.length; at++) {
      expect(effective[at]).toBeLessThan((effective[at - 1] ?? 0) * 0.98);
    }
  });

  test('log transmissions add in a single energy bin', () => {
    const mono = { ...DEFAULT_SCANNER, beam: { ...DEFAULT_SCANNER.beam, binsKev: [80, 80.001] } };
    const water = slab('water', 50);
    const steel = slab('steel', 2);
    const glass = slab('glass', 6);
    const alone = [water, steel, glass].map((model) =>
      Math.log(transmissionThrough([model], mono).low),
    );
    const together = Math.log(transmissionThrough([water, steel, glass], mono).low);
    expect(together).toBeCloseTo(
      alone.reduce((a, b) => a + b),
      3,
    );
    const direct = -(0.184 * 5 + 4.68 * 0.2 + 0.512 * 0.6);
    expect(together).toBeCloseTo(direct, 3);
  });

  test('a bore takes its path away', () => {
    const pipe = new SolidModel('pipe')
      .box('steel', [40, 40, 10])
      .box('steel', [40, 40, 6], { fill: -1 });
    const hollow = transmissionThrough([pipe], DEFAULT_SCANNER);
    const solid = transmissionThrough([slab('steel', 4)], DEFAULT_SCANNER);
    expect(hollow.low).toBeCloseTo(solid.low, 5);
  });
});

describe('detector counts', () => {
  const pixels = 200 * 200;
  const noiseOf = (share: number, scanner: SimulatedScanner) => {
    const plane = new Float32Array(pixels).fill(share);
    const { low } = detectCounts({ low: plane, high: plane }, 200, 200, scanner, 12345);
    const mean = low.reduce((sum, count) => sum + count, 0) / pixels;
    const variance = low.reduce((sum, count) => sum + (count - mean) ** 2, 0) / pixels;
    return { mean, variance };
  };
  // One count a photon, so that rounding to whole counts changes nothing.
  const quiet = {
    ...DEFAULT_SCANNER,
    rowGainError: 0,
    readoutCounts: 0,
    openBeamCounts: 40_000,
  };

  test.each([1, 0.5, 0.1, 0.01, 0.0005])(
    'at transmission %f the noise is that of photons',
    (share) => {
      const { mean, variance } = noiseOf(share, quiet);
      const perPhoton = quiet.openBeamCounts / quiet.openBeamPhotons.low;
      const expectedMean = share * quiet.openBeamCounts;
      // Standard errors over 40,000 pixels: 0.5 % of the deviation, 0.7 % of the variance.
      const deviation = Math.sqrt(expectedMean * perPhoton);
      expect(Math.abs(mean - expectedMean)).toBeLessThan(0.03 * deviation + 0.02);
      expect(variance / (expectedMean * perPhoton)).toBeGreaterThan(0.96);
      expect(variance / (expectedMean * perPhoton)).toBeLessThan(1.05);
    },
  );

  test('readout noise adds where nothing passes', () => {
    const { variance } = noiseOf(0, { ...quiet, readoutCounts: 40 });
    // Counts stop at 0, so half of the readout's distribution is folded there.
    expect(Math.sqrt(variance)).toBeGreaterThan(20);
    expect(noiseOf(0, quiet).variance).toBe(0);
  });

  test('blur spreads an edge over about a pixel and keeps the sum', () => {
    const plane = new Float32Array(32 * 32).fill(1);
    for (let at = 0; at < plane.length; at++) if (at % 32 >= 16) plane[at] = 0.5;
    const silent = { ...quiet, openBeamPhotons: { low: 1e12, high: 1e12 } };
    const { low } = detectCounts({ low: plane, high: plane }, 32, 32, silent, 1);
    const row = Array.from(low.subarray(16 * 32, 17 * 32));
    expect(row[10]).toBe(40_000);
    expect(row[20]).toBe(20_000);
    expect(row[15]).toBeLessThan(39_000);
    expect(row[16]).toBeGreaterThan(21_000);
    expect((row[15] ?? 0) + (row[16] ?? 0)).toBeCloseTo(60_000, -2);
  });
});

test('an object outside the picture attenuates nothing', () => {
  const projector = new Projector(GEOMETRY, DEFAULT_SCANNER.beam.binsKev);
  const far = new SolidModel('far').box('steel', [10, 10, 10], { at: translation(500, 0, 0) });
  expect(projector.project(far, IDENTITY)).toBeNull();
  expect(projector.planes.values.every((value) => value === 0)).toBe(true);
});
