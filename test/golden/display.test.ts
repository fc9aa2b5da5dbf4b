import { expect, test } from 'vitest';
import { ORIGINAL_STEPS } from '../../src-shared/imaging/display/display-steps';
import { displayParameters, SAFE_HUES } from '../../src-shared/imaging/display/display-parameters';
import { levelSizes } from '../../src-shared/imaging/display/display-view';
import { renderDisplay } from '../../src-shared/imaging/display/render-display';
import { toDisplayView } from '../../src-shared/imaging/display/to-display-view';
import { MATERIAL_HUES, type Rgb } from '../../src-shared/imaging/material-palette';
import { toCanonicalPicture } from '../../src-shared/imaging/to-canonical-picture';
import { DISPLAY_SCANS, DISPLAY_SCENES, sceneRequest } from '../fixtures/display-scenes';
import { expectGolden } from './golden-picture';

test.each(DISPLAY_SCENES)('$name is drawn as its golden picture by the CPU', (scene) => {
  const { view, request } = sceneRequest(scene);
  const rgba = renderDisplay(view, request);
  const { widthPx, heightPx } = request;
  expectGolden(scene.name, { widthPx, heightPx, rgb: onBlack(rgba) });
});

function onBlack(rgba: Uint8ClampedArray): Uint8Array {
  const rgb = new Uint8Array((rgba.length / 4) * 3);
  for (let pixel = 0; pixel < rgba.length / 4; pixel++) {
    rgb.set(rgba.subarray(4 * pixel, 4 * pixel + 3), 3 * pixel);
  }
  return rgb;
}

const pixelForPixel = (scan: (typeof DISPLAY_SCANS)[keyof typeof DISPLAY_SCANS]) => {
  const view = toDisplayView(scan);
  const { widthPx, heightPx } = view;
  const toView = { xx: 1, xy: 0, x0: 0, yx: 0, yy: 1, y0: 0 };
  const parameters = displayParameters(ORIGINAL_STEPS, view.kind);
  const request = { widthPx, heightPx, toView, level: 0, crisp: true, parameters };
  return onBlack(renderDisplay(view, request));
};

test('the original of an export is the export, to the last bit', () => {
  const { pixels } = DISPLAY_SCANS.export;
  expect(pixels.kind === 'rgb' && pixelForPixel(DISPLAY_SCANS.export)).toEqual(
    pixels.kind === 'rgb' && pixels.rgb,
  );
});

test.each(['dual', 'grey'] as const)(
  'the original of a %s scan is what the model sees, but for the steps of its table',
  (scan) => {
    const drawn = pixelForPixel(DISPLAY_SCANS[scan]);
    const { rgb } = toCanonicalPicture(DISPLAY_SCANS[scan]);
    const differences = rgb.map((level, at) => Math.abs(level - (drawn[at] ?? 0)));
    const mean = differences.reduce((sum, difference) => sum + difference, 0) / rgb.length;
    expect(mean).toBeLessThan(1);
    // Where organic turns to mixed, a step of the canonical table is up to 24 levels of one channel.
    expect(Math.max(...differences)).toBeLessThanOrEqual(26);
  },
);

test('a view is halved until it is small, whatever its sides', () => {
  expect(levelSizes(5000, 4000)).toEqual([
    [5000, 4000],
    [2500, 2000],
    [1250, 1000],
    [625, 500],
    [313, 250],
    [157, 125],
  ]);
  expect(levelSizes(1, 300)).toEqual([
    [1, 300],
    [1, 150],
  ]);
});

/** Machado, Oliveira and Fernandes 2009, severity 1, on linear RGB. */
const COLOUR_BLINDNESS = {
  protanopia: [
    [0.152286, 1.052583, -0.204868],
    [0.114503, 0.786281, 0.099216],
    [-0.003882, -0.048116, 1.051998],
  ],
  deuteranopia: [
    [0.367322, 0.860646, -0.227968],
    [0.280085, 0.672501, 0.047413],
    [-0.01182, 0.04294, 0.968881],
  ],
  tritanopia: [
    [1.255528, -0.076749, -0.178779],
    [-0.078411, 0.930809, 0.147602],
    [0.004733, 0.691367, 0.3039],
  ],
} as const;

test.each(Object.entries(COLOUR_BLINDNESS))(
  'with %s the safe colours of any two materials lie far apart',
  (_, matrix) => {
    const apart = (hues: readonly Rgb[]) =>
      Math.min(
        ...hues.flatMap((one, at) =>
          hues.slice(at + 1).map((other) => distance(seen(one, matrix), seen(other, matrix))),
        ),
      );
    // CIE 1976 ΔE; 2.3 is just noticeable side by side.
    expect(apart(SAFE_HUES)).toBeGreaterThan(30);
    expect(apart(SAFE_HUES)).toBeGreaterThan(apart(MATERIAL_HUES) - 5);
  },
);

function seen(rgb: Rgb, matrix: readonly (readonly number[])[]): number[] {
  const linear = rgb.map((part) => {
    const share = part / 255;
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  });
  return matrix.map((row) =>
    Math.min(
      1,
      Math.max(
        0,
        row.reduce((sum, weight, at) => sum + weight * (linear[at] ?? 0), 0),
      ),
    ),
  );
}

function distance(one: readonly number[], other: readonly number[]): number {
  const [a, b] = [lab(one), lab(other)];
  return Math.hypot(...a.map((part, at) => part - (b[at] ?? 0)));
}

/** CIE L*a*b* of linear sRGB, white D65. */
function lab([red = 0, green = 0, blue = 0]: readonly number[]): number[] {
  const f = (value: number) => (value > 0.008856 ? Math.cbrt(value) : 7.787 * value + 16 / 116);
  const x = f((0.4124 * red + 0.3576 * green + 0.1805 * blue) / 0.9505);
  const y = f(0.2126 * red + 0.7152 * green + 0.0722 * blue);
  const z = f((0.0193 * red + 0.1192 * green + 0.9505 * blue) / 1.089);
  return [116 * y - 16, 500 * (x - y), 200 * (y - z)];
}
