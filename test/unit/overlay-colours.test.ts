import { describe, expect, test } from 'vitest';
import { OVERLAY_COLOURS } from '../../src-renderer/viewer/overlay/overlay-colours';
import { heatColour, type Rgba } from '../../src-shared/imaging/heat-colour';
import { pictureColours, type Rgb } from '../fixtures/palette-colours';

const shown = pictureColours();
const pictures = Object.entries(shown);
const linear = (part: number) =>
  part <= 10.31475 ? part / 255 / 12.92 : ((part / 255 + 0.055) / 1.055) ** 2.4;

/** WCAG 2's relative luminance. */
const luminance = ([red, green, blue]: Rgb) =>
  0.2126 * linear(red) + 0.7152 * linear(green) + 0.0722 * linear(blue);

const contrast = (one: number, other: number) =>
  (Math.max(one, other) + 0.05) / (Math.min(one, other) + 0.05);

/** Ottosson's OKLab (2020): equal distances look about equally far apart; black to white is 1. */
function oklab([r, g, b]: Rgb): Rgb {
  const [red, green, blue] = [linear(r), linear(g), linear(b)];
  const l = Math.cbrt(0.4122214708 * red + 0.5363325363 * green + 0.0514459929 * blue);
  const m = Math.cbrt(0.2119034982 * red + 0.6806995451 * green + 0.1073969566 * blue);
  const s = Math.cbrt(0.0883024619 * red + 0.2817188376 * green + 0.6299787005 * blue);
  return [
    0.2104542553 * l + 0.793617785 * m - 0.0040720468 * s,
    1.9779984951 * l - 2.428592205 * m + 0.4505937099 * s,
    0.0259040371 * l + 0.7827717662 * m - 0.808675766 * s,
  ];
}

const apart = (one: Rgb, other: Rgb) => {
  const [a, b] = [oklab(one), oklab(other)];
  return Math.hypot(a[0] - b[0], a[1] - b[1], a[2] - b[2]);
};

const ofHex = (hex: string): Rgb => {
  const value = Number.parseInt(hex.slice(1), 16);
  return [value >> 16, (value >> 8) & 255, value & 255];
};

const under = (picture: Rgb, heat: Rgba, opacity = 1): Rgb => {
  const mix = (part: 0 | 1 | 2) => picture[part] + (heat[part] - picture[part]) * heat[3] * opacity;
  return [mix(0), mix(1), mix(2)];
};

describe('every line of the machine', () => {
  const casing = luminance(ofHex(OVERLAY_COLOURS.casing));

  test.each(pictures)('or its casing stands out at 3:1 or more on the %s', (_, colours) => {
    for (const line of [OVERLAY_COLOURS.alarm, OVERLAY_COLOURS.opaque]) {
      const ofLine = luminance(ofHex(line));
      const least = colours.reduce((worst, colour) => {
        const ground = luminance(colour);
        return Math.min(worst, Math.max(contrast(ofLine, ground), contrast(casing, ground)));
      }, Infinity);
      expect(least, line).toBeGreaterThanOrEqual(3);
    }
  });

  test('or its casing does so on any colour that there is', () => {
    for (const line of [OVERLAY_COLOURS.alarm, OVERLAY_COLOURS.opaque]) {
      const ofLine = luminance(ofHex(line));
      const grounds = Array.from({ length: 1001 }, (_, step) => step / 1000);
      const best = grounds.map((ground) =>
        Math.max(contrast(ofLine, ground), contrast(casing, ground)),
      );
      expect(Math.min(...best), line).toBeGreaterThanOrEqual(3);
    }
  });

  test('stands out from its own casing, and the words on a flag from the flag', () => {
    const words = luminance(ofHex(OVERLAY_COLOURS.onFlag));
    for (const line of [OVERLAY_COLOURS.alarm, OVERLAY_COLOURS.opaque]) {
      expect(contrast(luminance(ofHex(line)), casing)).toBeGreaterThanOrEqual(7);
      expect(contrast(luminance(ofHex(line)), words)).toBeGreaterThanOrEqual(7);
    }
  });

  test('in the alarm’s colour has a hue that no picture has', () => {
    for (const name of ['palette', 'colour-blind-safe palette', 'greys']) {
      const colours = shown[name] ?? [];
      const nearest = Math.min(
        ...colours.map((colour) => apart(colour, ofHex(OVERLAY_COLOURS.alarm))),
      );
      expect(nearest, name).toBeGreaterThan(0.15);
    }
  });
});

describe('heat', () => {
  test.each(pictures)('changes every colour of the %s more, the higher the score', (_, colours) => {
    const scores = [0.1, 0.2, 0.4, 0.6, 0.8, 1];
    const heats = scores.map(heatColour);
    const notMore = colours.filter((colour) => {
      const changes = heats.map((heat) => apart(colour, under(colour, heat)));
      return changes.some((change, index) => !(change > (changes[index - 1] ?? 0)));
    });
    expect(notMore).toEqual([]);
  });

  test('at the top of the scale can not be missed on a palette or on greys', () => {
    for (const name of ['palette', 'colour-blind-safe palette', 'greys']) {
      const colours = shown[name] ?? [];
      const least = (opacity: number) =>
        Math.min(...colours.map((colour) => apart(colour, under(colour, heatColour(1), opacity))));
      expect(least(1), name).toBeGreaterThan(0.15);
      expect(least(0.75), name).toBeGreaterThan(0.1);
    }
  });

  test('leaves a third of the picture’s own differences under the strongest of it', () => {
    const [one, other]: [Rgb, Rgb] = [
      [240, 160, 70],
      [200, 120, 40],
    ];
    const heat = heatColour(1);
    const [a, b] = [under(one, heat), under(other, heat)];
    for (const part of [0, 1, 2] as const) {
      expect((a[part] - b[part]) / (one[part] - other[part])).toBeGreaterThan(1 / 3);
    }
  });
});
