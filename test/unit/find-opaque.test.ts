import { describe, expect, it } from 'vitest';
import type { CanonicalPicture } from '../../src-shared/imaging/canonical-picture';
import { findOpaque } from '../../src-shared/imaging/find-opaque';

const WIDTH_PX = 100;

function picture(
  transform: CanonicalPicture['transform'],
  darkAt: (x: number, y: number) => boolean,
  dark: readonly [number, number, number],
): CanonicalPicture {
  const pixels = WIDTH_PX * WIDTH_PX;
  const rgb = new Uint8Array(pixels * 3).fill(255);
  const brightness = new Uint8Array(pixels).fill(255);
  for (let pixel = 0; pixel < pixels; pixel++) {
    if (!darkAt(pixel % WIDTH_PX, Math.floor(pixel / WIDTH_PX))) continue;
    rgb.set(dark, pixel * 3);
    brightness[pixel] = Math.min(...dark);
  }
  const openBeam = { level: 255, share: 0.5 };
  return { widthPx: WIDTH_PX, heightPx: WIDTH_PX, rgb, brightness, transform, openBeam };
}

describe('findOpaque', () => {
  it('boxes each connected dark area that is large enough', () => {
    const found = findOpaque(
      picture(
        'material-palette',
        (x, y) =>
          (x < 25 && y < 20) || (x >= 60 && x < 90 && y >= 50 && y < 80) || (x > 95 && y > 95),
        [0, 0, 0],
      ),
    );
    expect(found).toEqual([
      { x: 0, y: 0, width: 25, height: 20 },
      { x: 60, y: 50, width: 30, height: 30 },
    ]);
  });

  it('joins areas that touch at a corner', () => {
    const steps = picture(
      'grey-as-rgb',
      (x, y) => (x < 20 && y < 20) || (x >= 20 && x < 40 && y >= 20 && y < 40),
      [0, 0, 0],
    );
    expect(findOpaque(steps)).toEqual([{ x: 0, y: 0, width: 40, height: 40 }]);
  });

  it('sees through what still lets a count in a hundred pass', () => {
    expect(findOpaque(picture('material-palette', () => true, [3, 3, 3]))).toEqual([]);
    expect(findOpaque(picture('grey-as-rgb', () => true, [3, 3, 3]))).toEqual([]);
    expect(findOpaque(picture('grey-as-rgb', () => true, [2, 2, 2]))).toHaveLength(1);
  });

  it('does not take a dark blue of an export for opaque', () => {
    expect(findOpaque(picture('as-delivered', (x) => x < 50, [0, 0, 110]))).toEqual([]);
    expect(findOpaque(picture('as-delivered', (x) => x < 50, [12, 20, 30]))).toHaveLength(1);
  });

  it('covers a picture that is opaque all over', () => {
    expect(findOpaque(picture('material-palette', () => true, [0, 0, 0]))).toEqual([
      { x: 0, y: 0, width: 100, height: 100 },
    ]);
  });
});
