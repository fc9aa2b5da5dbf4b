import { expect, test } from 'vitest';
import { readPixel } from '../../src-shared/imaging/display/read-pixel';
import { toDisplayView } from '../../src-shared/imaging/display/to-display-view';
import { attenuationOnWedge, WEDGE_MATERIALS } from '../../src-shared/imaging/material-wedges';

const OPEN = 60_000;
const SIDE = 20;

/** Air on the left, a thickness of a material on the right. */
function halfCovered(name: string, cm: number) {
  const perCm = WEDGE_MATERIALS.find((wedge) => wedge.name === name)?.perCm ?? [];
  const through = attenuationOnWedge(perCm, cm);
  const plane = (attenuation: number) =>
    Uint16Array.from({ length: SIDE * SIDE }, (_, at) =>
      at % SIDE < SIDE / 2 ? OPEN : Math.round(OPEN * Math.exp(-attenuation)),
    );
  const pixels = {
    kind: 'dual-energy',
    low: plane(through.low),
    high: plane(through.high),
  } as const;
  const size = { widthPx: SIDE, heightPx: SIDE };
  return { view: toDisplayView({ index: 0, ...size, pixelPitchMm: 1, pixels }), through };
}

test.each([
  ['water', 3, 7.4],
  ['aluminium', 1, 13],
  ['steel', 0.2, 26],
])('reads %s as what it is', (name, cm, effectiveZ) => {
  const { view, through } = halfCovered(name, cm);
  const reading = readPixel(view, 15.5, 10.2);
  if (reading?.kind !== 'dual-energy') throw new Error('two energies were given');
  expect(reading.low).toBeCloseTo(Math.exp(-through.low), 3);
  expect(reading.high).toBeCloseTo(Math.exp(-through.high), 3);
  expect(reading.effectiveZ).toBeCloseTo(effectiveZ, 0);
});

test('tells no material of air, nor of what hardly anything passes', () => {
  const { view } = halfCovered('steel', 3);
  expect(readPixel(view, 3, 3)).toEqual({ kind: 'dual-energy', low: 1, high: 1, effectiveZ: null });
  expect(readPixel(view, 16, 3)).toMatchObject({ effectiveZ: null });
});

test('means the nine pixels around a place, fewer at an edge, and none outside', () => {
  const rgb = new Uint8Array(3 * 4).fill(10);
  rgb.set([100, 40, 70], 0);
  const pixels = { kind: 'rgb', rgb } as const;
  const view = toDisplayView({ index: 0, widthPx: 4, heightPx: 1, pixelPitchMm: null, pixels });
  expect(readPixel(view, 0.5, 0.5)).toEqual({ kind: 'rgb', red: 55, green: 25, blue: 40 });
  expect(readPixel(view, 3.9, 0)).toEqual({ kind: 'rgb', red: 10, green: 10, blue: 10 });
  expect(readPixel(view, 4, 0)).toBeNull();
  expect(readPixel(view, -0.1, 0)).toBeNull();
});
