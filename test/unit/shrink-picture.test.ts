import { describe, expect, it } from 'vitest';
import { shrinkPicture } from '../../src-main/services/shrink-picture';

describe('shrinkPicture', () => {
  it('gives each pixel the mean of those under it, channel by channel', () => {
    const rgb = Uint8Array.from([0, 10, 20, 100, 30, 20, 200, 50, 20, 100, 70, 20]);
    const small = shrinkPicture(
      { widthPx: 2, heightPx: 2, rgb },
      { maxWidthPx: 1, maxHeightPx: 9 },
    );
    expect(small).toEqual({ widthPx: 1, heightPx: 1, rgb: Uint8Array.from([100, 40, 20]) });
  });

  it('keeps the shape and fits both sides', () => {
    const rgb = new Uint8Array(300 * 100 * 3).fill(7);
    const small = shrinkPicture(
      { widthPx: 300, heightPx: 100, rgb },
      { maxWidthPx: 90, maxHeightPx: 90 },
    );
    expect([small.widthPx, small.heightPx]).toEqual([90, 30]);
    expect(new Set(small.rgb)).toEqual(new Set([7]));
  });

  it('leaves at least a pixel of a very thin picture, and small ones as they are', () => {
    const thin = { widthPx: 5000, heightPx: 1, rgb: new Uint8Array(15_000) };
    expect(shrinkPicture(thin, { maxWidthPx: 100, maxHeightPx: 100 }).heightPx).toBe(1);
    const tiny = { widthPx: 2, heightPx: 1, rgb: new Uint8Array(6) };
    expect(shrinkPicture(tiny, { maxWidthPx: 100, maxHeightPx: 100 })).toEqual(tiny);
  });
});
