import { describe, expect, it } from 'vitest';
import { materialColour } from '../../src-shared/imaging/material-palette';
import {
  attenuationOnWedge,
  WEDGE_MATERIALS,
  WedgeCalibration,
} from '../../src-shared/imaging/material-wedges';
import { toCanonicalPicture } from '../../src-shared/imaging/to-canonical-picture';
import { mulberry32 } from '../../src-shared/mulberry32';
import { findBagCells } from '../../src-shared/tip/bag-cells';
import { castThreat } from '../../src-shared/tip/cast-threat';
import { composeCounts } from '../../src-shared/tip/compose-counts';
import { normalField } from '../../src-shared/tip/normal-numbers';
import { PaletteInverse } from '../../src-shared/tip/palette-inverse';
import { placeThreat } from '../../src-shared/tip/place-threat';
import { projectThreat } from '../../src-shared/tip/project-threat';
import { measureBlur } from '../../src-shared/tip/scanner-blur';
import { measureNoise } from '../../src-shared/tip/scanner-noise';
import type { ThreatProjection } from '../../src-shared/tip/threat-projection';
import type { View } from '../../src-shared/domain/scan';
import { simulateBag } from '../../src-lab/simulator/simulate-bag';
import { DEFAULT_SCANNER } from '../../src-lab/simulator/physics/scanner';
import { starterThreat } from '../../src-lab/tip/starter-threat';

/** A plate of even attenuation with air around it. */
function plate(widthPx: number, heightPx: number, low: number, high: number): ThreatProjection {
  const margin = 3;
  const size = { widthPx: widthPx + 2 * margin, heightPx: heightPx + 2 * margin };
  const fill = (value: number): Float32Array =>
    Float32Array.from({ length: size.widthPx * size.heightPx }, (_, at) => {
      const x = (at % size.widthPx) - margin;
      const y = Math.floor(at / size.widthPx) - margin;
      return x >= 0 && y >= 0 && x < widthPx && y < heightPx ? value : 0;
    });
  return { ...size, pixelPitchMm: 1, blurSigmaPx: 0, low: fill(low), high: fill(high) };
}

const AT_MIDDLE = { angle: 0, mirrored: false, centreX: 0, centreY: 0 };
const sum = (values: Float32Array): number =>
  values.reduce((total, passed) => total + 1 - passed, 0);

describe('casting a threat', () => {
  it('keeps the shadow’s area in millimetres whatever pitch, angle and blur', () => {
    const threat = plate(60, 24, 0.7, 0.4);
    const area = 60 * 24 * (1 - Math.exp(-0.7));
    for (const pixelPitchMm of [0.8, 1, 1.5]) {
      for (const angle of [0, 0.7, Math.PI / 2]) {
        for (const blurSigmaPx of [0.4, 1.2]) {
          const cast = castThreat(threat, { ...AT_MIDDLE, angle }, { pixelPitchMm, blurSigmaPx });
          expect(sum(cast.low) * pixelPitchMm ** 2).toBeCloseTo(area, -1);
        }
      }
    }
  });

  it('turns and mirrors about its middle', () => {
    const threat = plate(61, 21, 1, 1);
    const target = { pixelPitchMm: 1, blurSigmaPx: 0.4 };
    const at = (cast: ReturnType<typeof castThreat>, x: number, y: number): number => {
      const [column, row] = [x - cast.x, y - cast.y];
      const isIn = column >= 0 && row >= 0 && column < cast.width && row < cast.height;
      return isIn ? (cast.low[row * cast.width + column] ?? 1) : 1;
    };
    const lying = castThreat(threat, AT_MIDDLE, target);
    const standing = castThreat(threat, { ...AT_MIDDLE, angle: Math.PI / 2 }, target);
    expect(at(lying, 28, 0)).toBeCloseTo(Math.exp(-1), 3);
    expect(at(lying, 0, 28)).toBe(1);
    expect(at(standing, 0, 28)).toBeCloseTo(Math.exp(-1), 3);
    expect(at(standing, 28, 0)).toBe(1);
    const notch = { ...threat, low: threat.low.map((v, i) => (i % threat.widthPx < 20 ? 0 : v)) };
    expect(at(castThreat(notch, AT_MIDDLE, target), -25, 0)).toBeCloseTo(1, 3);
    const mirrored = castThreat(notch, { ...AT_MIDDLE, mirrored: true }, target);
    expect(at(mirrored, -25, 0)).toBeCloseTo(Math.exp(-1), 3);
    expect(at(mirrored, 25, 0)).toBeCloseTo(1, 3);
  });
});

describe('composing counts', () => {
  const noise = { gain: 1.5, readoutVariance: 25, correlation: { x: 0, y: 0 } };
  const side = 200;
  /** A flat bag with Poisson noise, its normal limit. */
  const flat = (mean: number): Uint16Array => {
    const field = normalField(side, side, noise.correlation, mulberry32(3));
    return Uint16Array.from(field, (value) => Math.round(mean + value * Math.sqrt(1.5 * mean)));
  };
  const moments = (values: Uint16Array) => {
    const mean = values.reduce((total, value) => total + value / values.length, 0);
    const variance =
      values.reduce((total, value) => total + (value - mean) ** 2, 0) / values.length;
    return { mean, variance };
  };
  const everywhere = (passed: number) => ({
    ...{ x: 0, y: 0, width: side, height: side },
    low: new Float32Array(side * side).fill(passed),
    high: new Float32Array(side * side).fill(passed),
  });

  it.each([
    [30_000, 0.5],
    [30_000, 0.02],
    [2_000, 0.3],
    [40, 0.5],
  ])(
    'gives %i counts behind T = %f the mean and the noise of their lower count',
    (mean, passed) => {
      const cast = everywhere(passed);
      const before = flat(mean);
      const after = moments(composeCounts(before, side, cast, cast.low, noise, mulberry32(5)));
      expect(after.mean / (mean * passed)).toBeCloseTo(1, 1);
      const expected = 1.5 * mean * passed + 25 * (1 - passed ** 2);
      expect(after.variance / expected).toBeGreaterThan(0.85);
      expect(after.variance / expected).toBeLessThan(1.15);
    },
  );

  it('leaves every pixel as it is where the threat is not', () => {
    const before = flat(20_000);
    const cast = castThreat(
      plate(40, 30, 0.8, 0.5),
      { ...AT_MIDDLE, centreX: 90.3, centreY: 100.8, angle: 0.4 },
      { pixelPitchMm: 1, blurSigmaPx: 0.6 },
    );
    const after = composeCounts(before, side, cast, cast.low, noise, mulberry32(5));
    let changed = 0;
    after.forEach((value, pixel) => {
      const x = (pixel % side) - cast.x;
      const y = Math.floor(pixel / side) - cast.y;
      const isIn = x >= 0 && y >= 0 && x < cast.width && y < cast.height;
      const passed = isIn ? (cast.low[y * cast.width + x] ?? 1) : 1;
      if (passed >= 1) expect(value).toBe(before[pixel]);
      else if (value !== before[pixel]) changed++;
    });
    expect(changed).toBeGreaterThan(1_000);
  });
});

describe('what is measured of the scanner', () => {
  it.each([0.4, 0.8, 1.2])('finds a blur of %f pixels on a bag', (blurSigmaPx) => {
    const scanner = { ...DEFAULT_SCANNER, blurSigmaPx };
    const { low, high, widthPx, heightPx } = simulateBag({
      seed: 5,
      index: 4,
      threat: 'none',
      scanner,
    });
    const view: View = {
      ...{ index: 0, widthPx, heightPx, pixelPitchMm: 1 },
      pixels: { kind: 'dual-energy', low, high },
    };
    const { brightness } = toCanonicalPicture(view);
    expect(Math.abs(measureBlur(brightness, widthPx, heightPx) - blurSigmaPx)).toBeLessThan(0.2);
  });

  it('finds the photon noise of both channels on the open beam', () => {
    const { low, high, widthPx, heightPx } = simulateBag({ seed: 5, index: 1, threat: 'none' });
    const open = DEFAULT_SCANNER.openBeamCounts;
    // 60,000 counts of 40,000 and of 20,000 photons.
    expect(measureNoise(low, widthPx, heightPx, open).gain).toBeCloseTo(1.5, 0);
    expect(measureNoise(high, widthPx, heightPx, open).gain).toBeCloseTo(3, 0);
    expect(measureNoise(low, widthPx, heightPx, open).correlation).toEqual({ x: 0, y: 0 });
  });

  it('makes noise that hangs together as much as was measured', () => {
    const side = 300;
    const field = normalField(side, side, { x: 0.4, y: 0.2 }, mulberry32(2));
    const counts = Uint16Array.from(field, (value) => 60_000 + 300 * value);
    const { correlation, gain } = measureNoise(counts, side, side, 60_000);
    expect(Math.abs(correlation.x - 0.4)).toBeLessThan(0.12);
    expect(Math.abs(correlation.y - 0.2)).toBeLessThan(0.12);
    expect(gain * 60_000).toBeGreaterThan(0.7 * 300 ** 2);
  });
});

describe('the palette’s inverse', () => {
  it('brings the colours of the wedge materials back to their attenuations', () => {
    const inverse = new PaletteInverse();
    const wedges = new WedgeCalibration();
    for (const name of ['water', 'aluminium', 'steel']) {
      const material = WEDGE_MATERIALS.find((candidate) => candidate.name === name);
      if (material === undefined) throw new Error(name);
      for (const cm of { water: [4, 10], aluminium: [1, 3], steel: [0.2, 0.6] }[name] ?? []) {
        const { low, high } = attenuationOnWedge(material.perCm, cm);
        const found = inverse.attenuationOf(...materialColour(wedges, low, high));
        expect(Math.abs((found.low + found.high) / (low + high) - 1), `${name} ${cm}`).toBeLessThan(
          0.2,
        );
      }
    }
  });
});

describe('a threat in a bag', () => {
  const bag = (kind: 'dual-energy' | 'rgb' | 'single-energy', index = 2): View => {
    const { low, high, widthPx, heightPx } = simulateBag({ seed: 9, index, threat: 'none' });
    const facts = { index: 0, widthPx, heightPx, pixelPitchMm: 1 };
    const dual: View = { ...facts, pixels: { kind: 'dual-energy', low, high } };
    if (kind === 'rgb') return { ...facts, pixels: { kind, rgb: toCanonicalPicture(dual).rgb } };
    return kind === 'dual-energy' ? dual : { ...facts, pixels: { kind, grey: high } };
  };
  const [attitude = []] = starterThreat(1, 0).attitudes;
  const withPicture = (view: View) => ({ view, picture: toCanonicalPicture(view) });

  it('lies inside of the bag, and in the same place for the same seed', () => {
    const { view, picture } = withPicture(bag('dual-energy'));
    const cells = findBagCells(picture.brightness, view.widthPx, view.heightPx, 1);
    const places = new Set<string>();
    for (let seed = 0; seed < 20; seed++) {
      const [threat] = attitude;
      if (threat === undefined) throw new Error('no projection');
      const poses = placeThreat([{ cells, pixelPitchMm: 1, threat }], mulberry32(seed));
      expect(poses).toEqual(placeThreat([{ cells, pixelPitchMm: 1, threat }], mulberry32(seed)));
      const [pose] = poses ?? [];
      if (pose === undefined) continue;
      places.add(`${pose.centreX} ${pose.centreY}`);
      const { x, y, width, low } = castThreat(threat, pose, { pixelPitchMm: 1, blurSigmaPx: 0.4 });
      let outside = 0;
      let inside = 0;
      low.forEach((passed, at) => {
        if (passed > 0.9) return;
        const column = Math.floor((x + (at % width)) / cells.cellPx);
        const row = Math.floor((y + Math.floor(at / width)) / cells.cellPx);
        if ((cells.bag[row * cells.columns + column] ?? 0) > 0) inside++;
        else outside++;
      });
      expect(outside).toBeLessThan(0.04 * inside);
    }
    expect(places.size).toBeGreaterThan(10);
  });

  it.each(['dual-energy', 'rgb', 'single-energy'] as const)(
    'is projected into %s pixels without changing those given',
    (kind) => {
      const given = bag(kind);
      const before = structuredClone(given.pixels);
      const composite = projectThreat([withPicture(given)], attitude, 4, null);
      expect(given.pixels).toEqual(before);
      const [placed] = composite?.placed ?? [];
      const [view] = composite?.views ?? [];
      if (placed === undefined || view === undefined) throw new Error('no room');
      const { x, y, width, height } = placed.box;
      expect(
        Math.min(x, y, view.widthPx - x - width, view.heightPx - y - height),
      ).toBeGreaterThanOrEqual(0);
      const dark = (of: View): number => {
        const { brightness } = toCanonicalPicture(of);
        return brightness.reduce((total, value) => total + 255 - value, 0);
      };
      expect(dark(view)).toBeGreaterThan(dark(given) + 20_000);
      const expected = { 'dual-energy': [], rgb: ['palette'], 'single-energy': ['single-energy'] };
      expect(composite?.approximations).toEqual(expected[kind]);
    },
  );

  it('says when the scale had to be assumed, and takes the lane’s pitch before that', () => {
    const view = { ...bag('dual-energy'), pixelPitchMm: null };
    const assumed = projectThreat([withPicture(view)], attitude, 4, null);
    expect(assumed?.approximations).toEqual(['pixel-pitch']);
    const known = projectThreat([withPicture(view)], attitude, 4, 1.3);
    expect(known?.approximations).toEqual([]);
    const area = (of: typeof known): number =>
      (of?.placed[0]?.box.width ?? 0) * (of?.placed[0]?.box.height ?? 0);
    expect(area(known)).toBeLessThan(area(assumed) * 1.2);
  });

  it('lies at one place along the belt in both views of a bag', () => {
    const one = bag('dual-energy');
    const two = { ...one, index: 1 };
    const composite = projectThreat([withPicture(one), withPicture(two)], attitude, 8, null);
    const [first, second] = composite?.placed ?? [];
    if (first === undefined || second === undefined) throw new Error('no room');
    const middle = (place: typeof first): number => place.box.x + place.box.width / 2;
    expect(Math.abs(middle(first) - middle(second))).toBeLessThan(4);
  });

  it('is not projected where there is no bag', () => {
    const air = new Uint16Array(300 * 300).fill(60_000);
    const view: View = {
      ...{ index: 0, widthPx: 300, heightPx: 300, pixelPitchMm: 1 },
      pixels: { kind: 'dual-energy', low: air, high: air },
    };
    expect(projectThreat([withPicture(view)], attitude, 1, null)).toBeNull();
  });
});
