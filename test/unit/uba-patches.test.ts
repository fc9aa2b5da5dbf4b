import { describe, expect, test } from 'vitest';
import type { Square } from '../../src-lab/experiments/square';
import { patchLabel, ubaPatches, type MaskedPicture } from '../../src-lab/experiments/uba-patches';

const WIDTH = 128;
const HEIGHT = 64;

/** A picture full of material, with a threat over the given columns. */
function picture(
  threatFrom: number,
  threatTo: number,
  rows = HEIGHT,
  brightnessLevel = 100,
): MaskedPicture {
  const at = Array.from({ length: WIDTH * HEIGHT }, (_, pixel) => pixel);
  return {
    picture: {
      widthPx: WIDTH,
      heightPx: HEIGHT,
      brightness: new Uint8Array(WIDTH * HEIGHT).fill(brightnessLevel),
    },
    threatMask: Uint8Array.from(at, (pixel) => {
      const column = pixel % WIDTH;
      return column >= threatFrom && column < threatTo && pixel < rows * WIDTH ? 1 : 0;
    }),
  };
}

const leftEdges = (patches: readonly Square[]): number[] => patches.map(({ left }) => left);

describe('UBA patches', () => {
  test('are abnormal from 20 % of threat, normal without any, and else left out', () => {
    expect(patchLabel(0)).toBe('normal');
    expect(patchLabel(1 / 4096)).toBe('left out');
    expect(patchLabel(0.2 - 1e-9)).toBe('left out');
    expect(patchLabel(0.2)).toBe('abnormal');
  });

  test('are labelled by the mask under each of the overlapping windows', () => {
    // Columns 40 to 60: 20 of the 64 columns of the windows at 0 and 32, none of that at 64.
    const { normal, abnormal, leftOut } = ubaPatches(picture(40, 60));
    expect(leftEdges(abnormal)).toEqual([0, 32]);
    expect(leftEdges(normal)).toEqual([64]);
    expect(leftOut).toBe(0);
  });

  test('change sides at 820 of 4,096 pixels', () => {
    // 13 columns of 64 rows are 832 pixels (20.3 %); of 63 rows 819 (19.995 %).
    expect(ubaPatches(picture(0, 13)).abnormal).toHaveLength(1);
    const short = ubaPatches(picture(0, 13, 63));
    expect(short.abnormal).toHaveLength(0);
    expect(short.leftOut).toBe(1);
    expect(leftEdges(short.normal)).toEqual([32, 64]);
  });

  test('are not cut where there is only air', () => {
    expect(ubaPatches(picture(0, 0, 0, 255))).toEqual({ normal: [], abnormal: [], leftOut: 0 });
  });
});
