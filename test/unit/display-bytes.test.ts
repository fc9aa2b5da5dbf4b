import { expect, test } from 'vitest';
import {
  displayBytes,
  kindOfChannels,
  parseDisplayBytes,
} from '../../src-shared/imaging/display/display-bytes';
import { toDisplayView } from '../../src-shared/imaging/display/to-display-view';
import { DISPLAY_SCANS } from '../fixtures/display-scenes';

/** A view long enough to be halved to odd sides. */
const long = {
  index: 0,
  widthPx: 1029,
  heightPx: 3,
  pixelPitchMm: null,
  pixels: { kind: 'rgb', rgb: new Uint8Array(1029 * 9).map((_, at) => at % 251) },
} as const;

test.each([DISPLAY_SCANS.dual, DISPLAY_SCANS.grey, DISPLAY_SCANS.export, long])(
  'a view comes back from its bytes as it was ($pixels.kind, $widthPx wide)',
  (scan) => {
    const view = toDisplayView(scan);
    const { buffer } = displayBytes(view);
    expect(parseDisplayBytes(view.kind, view.widthPx, view.heightPx, buffer)).toEqual(view);
  },
);

test('bytes of another size are no view', () => {
  const { buffer } = displayBytes(toDisplayView(long));
  expect(parseDisplayBytes('rgb', 1030, 3, buffer)).toBeNull();
  expect(parseDisplayBytes('rgb', 1028, 3, buffer)).toBeNull();
  expect(parseDisplayBytes('dual-energy', 1029, 3, buffer)).toBeNull();
});

test('the number of samples names the kind', () => {
  expect([1, 2, 3, 4].map(kindOfChannels)).toEqual(['single-energy', 'dual-energy', 'rgb', null]);
});

test('a halved pixel is the mean of the pixels that it covers, at odd edges too', () => {
  const grey = { ...DISPLAY_SCANS.grey, widthPx: 259, heightPx: 1 };
  const rgb = new Uint8Array(259 * 3).map((_, at) => (at < 777 - 3 ? 10 * (at % 6) : 200));
  const { levels } = toDisplayView({ ...grey, pixels: { kind: 'rgb', rgb } });
  const [, half] = levels;
  expect(half).toMatchObject({ widthPx: 130, heightPx: 1 });
  expect([...(half?.samples.subarray(0, 3) ?? [])]).toEqual([15, 25, 35]);
  expect([...(half?.samples.subarray(-3) ?? [])]).toEqual([200, 200, 200]);
});
