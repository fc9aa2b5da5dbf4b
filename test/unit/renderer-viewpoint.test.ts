import { describe, expect, test } from 'vitest';
import { moveBox, movePoint } from '../../src-renderer/viewer/overlay/affine';
import {
  bringIntoView,
  dividePlace,
  FIT,
  fitScale,
  flipped,
  LEAST_SCALE,
  MOST_SCALE,
  panBy,
  placeView,
  scaleOf,
  settle,
  toView,
  turned,
  zoomAt,
} from '../../src-renderer/viewer/viewpoint';

const view = { width: 2000, height: 1000 };
const frame = { x: 10, y: 20, width: 800, height: 600 };

test('fit shows the whole view, centred in its frame', () => {
  const box = moveBox(placeView(FIT, view, frame), { x: 0, y: 0, ...view });
  expect(box).toEqual({ x: 10, y: 120, width: 800, height: 400 });
});

test('a view smaller than its frame is enlarged to fit', () => {
  expect(fitScale({ width: 100, height: 100 }, frame)).toBe(6);
});

describe('zooming', () => {
  test('keeps what lies under the pointer under the pointer', () => {
    const pointer = { x: 500, y: 300 };
    const before = toView(placeView(FIT, view, frame), pointer);
    const zoomed = zoomAt(FIT, view, frame, pointer, 4);
    const after = toView(placeView(zoomed, view, frame), pointer);
    expect(after.x).toBeCloseTo(before.x, 6);
    expect(after.y).toBeCloseTo(before.y, 6);
    expect(zoomed.zoom).toBe(4);
  });

  test('goes from a tenth of a screen pixel to sixteen, never beyond the most screen pixels a view pixel may take', () => {
    const least = zoomAt(FIT, view, frame, { x: 400, y: 300 }, 1e-6);
    expect(scaleOf(placeView(least, view, frame))).toBeCloseTo(LEAST_SCALE, 9);
    const small = { width: 20, height: 20 };
    // A view that fits at more than the most, or less than the least, can still be fitted.
    expect(zoomAt(FIT, small, frame, { x: 400, y: 300 }, 1e6)).toEqual(FIT);
    const most = zoomAt(FIT, view, frame, { x: 400, y: 300 }, 1e6);
    expect(scaleOf(placeView(most, view, frame))).toBeCloseTo(MOST_SCALE, 9);
  });

  test('out again ends where it began', () => {
    const there = zoomAt(FIT, view, frame, { x: 33, y: 500 }, 5);
    expect(zoomAt(there, view, frame, { x: 33, y: 500 }, 1 / 5)).toEqual(FIT);
  });
});

describe('panning', () => {
  const zoomed = { ...FIT, zoom: 4 };

  test('moves the picture with the pointer', () => {
    const moved = panBy(zoomed, view, frame, { x: 30, y: -12 });
    const before = placeView(zoomed, view, frame);
    const after = placeView(moved, view, frame);
    expect(after.e - before.e).toBeCloseTo(30, 9);
    expect(after.f - before.f).toBeCloseTo(-12, 9);
  });

  test('stops at the edge of the view: no empty ground appears in the frame', () => {
    const placement = placeView(panBy(zoomed, view, frame, { x: 1e5, y: 1e5 }), view, frame);
    expect(placement.e).toBeCloseTo(frame.x, 9);
    expect(placement.f).toBeCloseTo(frame.y, 9);
  });

  test('does not move along an axis on which the view fits', () => {
    expect(settle({ ...FIT, centre: { x: 0.9, y: 0.1 } }, view, frame).centre.y).toBe(0.5);
  });
});

describe('bringing a region into view', () => {
  test('moves nothing when the region is legible where it is', () => {
    const box = { x: 500, y: 300, width: 300, height: 300 };
    expect(bringIntoView(FIT, view, frame, box)).toBe(FIT);
  });

  test('enlarges a region that is too small to see, until it is legible', () => {
    const box = { x: 1000, y: 500, width: 40, height: 30 };
    const seen = moveBox(placeView(bringIntoView(FIT, view, frame, box), view, frame), box);
    expect(seen.width).toBeCloseTo(56, 6);
    expect(seen.x).toBeGreaterThanOrEqual(frame.x);
    expect(seen.x + seen.width).toBeLessThanOrEqual(frame.x + frame.width);
  });

  test('pans to a region that lies outside the frame', () => {
    const corner = { ...FIT, zoom: 8, centre: { x: 0.1, y: 0.1 } };
    const box = { x: 1800, y: 900, width: 60, height: 60 };
    const seen = moveBox(placeView(bringIntoView(corner, view, frame, box), view, frame), box);
    expect(seen.x + seen.width).toBeLessThanOrEqual(frame.x + frame.width + 1e-6);
    expect(seen.y + seen.height).toBeLessThanOrEqual(frame.y + frame.height + 1e-6);
    expect(seen.x).toBeGreaterThanOrEqual(frame.x);
  });
});

test.each([1, 2, 3, 4])('%i views cover the place without overlapping', (count) => {
  const places = dividePlace({ x: 0, y: 0, width: 400, height: 300 }, count);
  expect(places).toHaveLength(count);
  for (const [at, one] of places.entries()) {
    for (const other of places.slice(at + 1)) {
      const apart =
        one.x + one.width <= other.x ||
        other.x + other.width <= one.x ||
        one.y + one.height <= other.y ||
        other.y + other.height <= one.y;
      expect(apart).toBe(true);
    }
  }
  const area = places.reduce((sum, place) => sum + place.width * place.height, 0);
  expect(area).toBe(count === 3 ? 90_000 : 120_000);
});

describe('turning and flipping', () => {
  const middle = { x: 410, y: 320 };
  /** Where a corner of the view lies from the middle of the frame. */
  const corner = (viewpoint: typeof FIT, x: number, y: number) => {
    const { x: sx, y: sy } = movePoint(placeView(viewpoint, view, frame), { x, y });
    return [Math.sign(sx - middle.x), Math.sign(sy - middle.y)];
  };

  test('a turn is clockwise on the screen: what was at the upper left is at the upper right', () => {
    expect(corner(FIT, 0, 0)).toEqual([-1, -1]);
    expect(corner(turned(FIT), 0, 0)).toEqual([1, -1]);
    expect(corner(turned(turned(FIT)), 0, 0)).toEqual([1, 1]);
  });

  test('four turns, and two flips, end where they began', () => {
    expect(turned(turned(turned(turned(FIT))))).toEqual(FIT);
    expect(flipped(flipped(turned(FIT)))).toEqual(turned(FIT));
  });

  test.each([FIT, turned(FIT), flipped(turned(turned(FIT)))])(
    'a flip swaps left and right of what is on the screen (turn $turn, mirrored $mirrored)',
    (viewpoint) => {
      const [left = 0, top = 0] = corner(viewpoint, 0, 0);
      expect(corner(flipped(viewpoint), 0, 0)).toEqual([-left, top]);
    },
  );

  test('a turned view is fitted by its turned sides', () => {
    expect(fitScale(view, frame, 1)).toBeCloseTo(0.3, 9);
    const box = moveBox(placeView(turned(FIT), view, frame), { x: 0, y: 0, ...view });
    expect(box.width).toBeCloseTo(300, 6);
    expect(box.height).toBeCloseTo(600, 6);
  });

  test.each([turned(FIT), flipped(FIT), flipped(turned(turned(turned(FIT))))])(
    'zooming and panning keep to the pointer (turn $turn, mirrored $mirrored)',
    (viewpoint) => {
      const pointer = { x: 430, y: 300 };
      const before = toView(placeView(viewpoint, view, frame), pointer);
      const zoomed = zoomAt(viewpoint, view, frame, pointer, 6);
      const after = toView(placeView(zoomed, view, frame), pointer);
      expect(after.x).toBeCloseTo(before.x, 6);
      expect(after.y).toBeCloseTo(before.y, 6);
      const moved = placeView(panBy(zoomed, view, frame, { x: 7, y: -5 }), view, frame);
      const still = placeView(zoomed, view, frame);
      expect(moved.e - still.e).toBeCloseTo(7, 6);
      expect(moved.f - still.f).toBeCloseTo(-5, 6);
    },
  );
});
