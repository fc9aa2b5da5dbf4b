import { describe, expect, it } from 'vitest';
import { renderMaterialPalette } from '../../src-shared/imaging/material-palette';
import {
  attenuationOnWedge,
  WEDGE_MATERIALS,
  WedgeCalibration,
} from '../../src-shared/imaging/material-wedges';

const OPEN = 60_000;

/** Colour behind a thickness of a wedge material, as `#rrggbb`. */
function colourOf(name: string, thicknessCm: number): string {
  const material = WEDGE_MATERIALS.find((wedge) => wedge.name === name);
  if (material === undefined) throw new RangeError(`no wedge of ${name}`);
  const { low, high } = attenuationOnWedge(material.perCm, thicknessCm);
  const count = (attenuation: number): Uint16Array =>
    Uint16Array.of(Math.round(OPEN * Math.exp(-attenuation)));
  const rgb = renderMaterialPalette(count(low), count(high), OPEN, OPEN);
  return `#${Buffer.from(rgb).toString('hex')}`;
}

function channels(colour: string): [number, number, number] {
  const [red = 0, green = 0, blue = 0] = Buffer.from(colour.slice(1), 'hex');
  return [red, green, blue];
}

describe('material palette', () => {
  // The canonical picture is part of every model bundle: a change here is a new version of it.
  it('draws the step wedges as version phiscan-material-1 does', () => {
    const wedges = {
      polyethylene: [0.5, 2, 6, 15],
      water: [0.5, 2, 6, 15],
      aluminium: [0.1, 0.5, 2, 5],
      titanium: [0.05, 0.2, 0.8],
      steel: [0.02, 0.1, 0.4, 1, 3],
      copper: [0.02, 0.1, 0.4, 1],
    };
    const drawn = Object.entries(wedges).map(
      ([name, steps]) => `${name}: ${steps.map((cm) => colourOf(name, cm)).join(' ')}`,
    );
    expect(drawn).toMatchInlineSnapshot(`
      [
        "polyethylene: #faf0e7 #f7cb9e #db944c #7b4e1f",
        "water: #faefe4 #f7c898 #d68f46 #6f461c",
        "aluminium: #eff3ed #afd89f #509d34 #245213",
        "titanium: #d7dfe8 #74a5e1 #155cb3",
        "steel: #d6dde6 #5d96dc #1053a6 #052751 #000000",
        "copper: #c2d0e1 #4082d4 #0a448c #031730",
      ]
    `);
  });

  it('gives organic things orange, light metal green and metal blue', () => {
    for (const cm of [1, 4, 10]) {
      const [red, green, blue] = channels(colourOf('water', cm));
      expect(red).toBeGreaterThan(green);
      expect(green).toBeGreaterThan(blue);
    }
    for (const cm of [0.3, 1, 3]) {
      const [red, green, blue] = channels(colourOf('aluminium', cm));
      expect(green).toBeGreaterThan(red);
      expect(green).toBeGreaterThan(blue);
    }
    for (const cm of [0.05, 0.2, 0.6]) {
      const [red, green, blue] = channels(colourOf('steel', cm));
      expect(blue).toBeGreaterThan(green);
      expect(green).toBeGreaterThan(red);
    }
  });

  it('is white at open beam and black where nothing passes', () => {
    expect(colourOf('water', 0)).toBe('#ffffff');
    expect(colourOf('steel', 4)).toBe('#000000');
    const nothing = renderMaterialPalette(Uint16Array.of(0), Uint16Array.of(0), OPEN, OPEN);
    expect([...nothing]).toEqual([0, 0, 0]);
    const over = renderMaterialPalette(Uint16Array.of(65_535), Uint16Array.of(65_535), OPEN, OPEN);
    expect([...over]).toEqual([255, 255, 255]);
  });

  it('gets darker with every step of a wedge', () => {
    for (const { name } of WEDGE_MATERIALS) {
      let before = 766;
      for (const cm of [0, 0.05, 0.1, 0.2, 0.5, 1, 2, 4]) {
        const sum = channels(colourOf(name, cm)).reduce((total, value) => total + value, 0);
        expect(sum).toBeLessThanOrEqual(before);
        before = sum;
      }
    }
  });

  it('keeps a metal blue as the beam hardens, where one ratio would turn it green', () => {
    const calibration = new WedgeCalibration();
    const steel = WEDGE_MATERIALS.find(({ name }) => name === 'steel');
    for (const cm of [0.01, 0.1, 0.5, 1, 2]) {
      const { low, high } = attenuationOnWedge(steel?.perCm ?? [], cm);
      expect(calibration.effectiveZ(low, high)).toBeCloseTo(26, 0);
    }
    const thick = attenuationOnWedge(steel?.perCm ?? [], 2);
    // At that ratio thin material would be taken for something lighter than aluminium.
    expect(calibration.effectiveZ(0.1 * (thick.low / thick.high), 0.1)).toBeLessThan(13);
  });

  it('fades the hue of what is too thin to tell to grey', () => {
    const spread = (colour: string): number =>
      Math.max(...channels(colour)) - Math.min(...channels(colour));
    const thin = (low: number, high: number): string => {
      const rgb = renderMaterialPalette(Uint16Array.of(low), Uint16Array.of(high), OPEN, OPEN);
      return `#${Buffer.from(rgb).toString('hex')}`;
    };
    // The noise of one count in a hundred on air must not show as colour.
    expect(spread(thin(59_400, 59_900))).toBeLessThanOrEqual(2);
    expect(spread(thin(59_900, 59_400))).toBeLessThanOrEqual(2);
    expect(spread(colourOf('water', 2))).toBeGreaterThan(60);
  });

  it('orders the wedges by ratio at every thickness', () => {
    const calibration = new WedgeCalibration();
    for (let high = 0.01; high < 7; high += 0.1) {
      const ratios = WEDGE_MATERIALS.map((_, index) => calibration.ratioOf(index, high));
      expect(ratios).toEqual([...ratios].sort((a, b) => a - b));
    }
  });
});
