import { describe, expect, it } from 'vitest';
import {
  materialIndex,
  MAX_PALETTE_ATTENUATION,
  tilesToAttenuation,
  toAttenuationPlanes,
  toTradeColours,
} from '../../src-shared/imaging/attenuation-planes';

/** Both attenuations of a colour, not scaled to the networks' range. */
function attenuationsOf(...rgb: [number, number, number]): [all: number, metal: number] {
  const [all = NaN, metal = NaN] = toAttenuationPlanes(Uint8Array.from(rgb));
  return [2 * (all + 1), 2 * (metal + 1)];
}

describe('the planes of attenuation', () => {
  it('are −1 at open beam, and 1 where the palette is black', () => {
    expect([...toAttenuationPlanes(new Uint8Array([255, 255, 255]))]).toEqual([-1, -1]);
    expect(toAttenuationPlanes(new Uint8Array([0, 0, 0]))[0]).toBe(1);
    expect(attenuationsOf(1, 1, 1)[0]).toBe(MAX_PALETTE_ATTENUATION);
  });

  it('are −ln of luma over white, and that times the material index', () => {
    const [all, metal] = attenuationsOf(255, 128, 0);
    expect(all).toBeCloseTo(-Math.log((0.299 * 255 + 0.587 * 128) / 255), 5);
    expect(metal).toBeCloseTo(all * materialIndex(255, 128, 0), 5);
    const [grey, half] = attenuationsOf(128, 128, 128);
    expect(grey).toBeCloseTo(Math.LN2, 2);
    expect(half).toBeCloseTo(Math.LN2 / 2, 2);
  });

  it.each([
    [204, 102],
    [153, 51],
    [128, 240],
  ])('add where %i and %i lie over one another, as transmissions multiply', (a, b) => {
    const both = (a * b) / 255;
    const of = (grey: number) => attenuationsOf(grey, grey, grey);
    // Rounding to a byte moves brightness by half a level at most.
    const rounding = 0.5 / both + 0.01;
    expect(Math.abs(of(Math.round(both))[0] - of(a)[0] - of(b)[0])).toBeLessThan(rounding);
    expect(Math.abs(of(Math.round(both))[1] - of(a)[1] - of(b)[1])).toBeLessThan(rounding);
  });

  it('keep the material of a colour that only gets darker', () => {
    const [thin, thinMetal] = attenuationsOf(40, 80, 200);
    const [thick, thickMetal] = attenuationsOf(20, 40, 100);
    expect(thick - thin).toBeCloseTo(Math.LN2, 4);
    expect(thickMetal / thick).toBeCloseTo(thinMetal / thin, 1);
  });

  it('tell orange, green and blue as organic, mixed and metal', () => {
    expect(materialIndex(255, 128, 0)).toBeLessThan(0.05);
    expect(materialIndex(64, 255, 0)).toBeCloseTo(0.5, 1);
    expect(materialIndex(0, 128, 255)).toBeGreaterThan(0.95);
    expect(materialIndex(90, 90, 90)).toBe(0.5);
  });

  it('rise with the hue from orange to blue, without a step', () => {
    const indices = Array.from({ length: 41 }, (_, step) => materialIndex(...hue(20 + 5 * step)));
    const steps = indices.slice(1).map((index, i) => index - (indices[i] ?? NaN));
    expect(Math.min(...steps)).toBeGreaterThanOrEqual(-1e-9);
    expect(Math.max(...steps)).toBeLessThan(0.06);
    expect((indices.at(-1) ?? NaN) - (indices[0] ?? NaN)).toBeGreaterThan(0.9);
  });

  it('rise as a colour gets darker', () => {
    const greys = Array.from({ length: 250 }, (_, i) => attenuationsOf(255 - i, 255 - i, 255 - i));
    for (const plane of [0, 1] as const) {
      const values = greys.map((of) => of[plane]);
      expect(values).toEqual([...new Set(values)].sort((a, b) => a - b));
    }
  });

  it('are the same from tiles in [−1, 1] as from the bytes that they were cut from', () => {
    const rgb = Uint8Array.from({ length: 3 * 4096 }, (_, i) => (i * 89 + (i >> 5) * 31) % 256);
    const tiles = Float32Array.from(rgb, (byte) => byte / 127.5 - 1);
    const into = new Float32Array(2 * 4096 + 10);
    const written = tilesToAttenuation(tiles, into);
    expect([...written]).toEqual([...toAttenuationPlanes(rgb)]);
    expect(written.buffer).toBe(into.buffer);
  });

  it('are shown in the trade’s colours: white air, orange organic, green mixed, blue metal', () => {
    const planes = (all: number, index: number) =>
      Float32Array.of(all / 2 - 1, (all * index) / 2 - 1);
    expect([...toTradeColours(planes(0, 0))]).toEqual([255, 255, 255]);
    const strongest = (index: number) => {
      const rgb = toTradeColours(planes(1, index));
      return rgb.indexOf(Math.max(...rgb));
    };
    expect([strongest(0), strongest(0.5), strongest(1)]).toEqual([0, 1, 2]);
    for (const index of [0, 0.5, 1]) {
      const [red = 0, green = 0, blue = 0] = toTradeColours(planes(0.7, index));
      expect(materialIndex(red, green, blue)).toBeCloseTo(index, 0);
    }
    const [, shade = NaN] = toTradeColours(planes(4, 1));
    expect(shade).toBeLessThan(10);
  });
});

/** A saturated colour of a hue in degrees. */
function hue(degrees: number): [number, number, number] {
  const channel = (offset: number) => {
    const k = (offset + degrees / 60) % 6;
    return Math.round(255 - 255 * Math.max(0, Math.min(k, 4 - k, 1)));
  };
  return [channel(5), channel(3), channel(1)];
}
