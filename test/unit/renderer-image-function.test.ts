import { expect, test } from 'vitest';
import { applyImageFunction, groundOf } from '../../src-renderer/viewer/image-function';

const picture = {
  widthPx: 2,
  heightPx: 2,
  rgb: Uint8Array.from([255, 255, 255, 0, 0, 0, 240, 160, 70, 30, 70, 160]),
};

test('original keeps every colour, opaque', () => {
  const { rgba } = applyImageFunction(picture, 'original');
  expect([...rgba]).toEqual([
    255, 255, 255, 255, 0, 0, 0, 255, 240, 160, 70, 255, 30, 70, 160, 255,
  ]);
});

test('grey is the luma of the colour', () => {
  const { rgba } = applyImageFunction(picture, 'grey');
  // 0.299·240 + 0.587·160 + 0.114·70 = 173.66
  expect([...rgba.subarray(8, 12)]).toEqual([174, 174, 174, 255]);
});

test('negative turns open beam black and dense white', () => {
  const { rgba } = applyImageFunction(picture, 'negative');
  expect([...rgba.subarray(0, 8)]).toEqual([0, 0, 0, 255, 255, 255, 255, 255]);
  expect(groundOf('negative')).toBe('dark');
  expect(groundOf('original')).toBe('light');
});

test('the picture itself is never altered', () => {
  const before = [...picture.rgb];
  applyImageFunction(picture, 'negative');
  expect([...picture.rgb]).toEqual(before);
});
