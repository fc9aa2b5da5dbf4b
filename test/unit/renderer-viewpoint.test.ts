import { describe, expect, test } from 'vitest';
import {
  bringIntoView,
  dividePlace,
  FIT,
  fitScale,
  MOST_SCALE,
  panBy,
  placeView,
  settle,
  toScreen,
  toView,
  zoomAt,
} from '../../src-renderer/viewer/viewpoint';

const view = { width: 2000, height: 1000 };
const frame = { x: 10, y: 20, width: 800, height: 600 };

test('fit shows the whole view, centred in its frame', () => {
  const box = toScreen(placeView(FIT, view, frame), { x: 0, y: 0, ...view });
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

  test('never goes below fit, nor beyond the most screen pixels a view pixel may take', () => {
    expect(zoomAt(FIT, view, frame, { x: 400, y: 300 }, 0.1)).toEqual(FIT);
    const most = zoomAt(FIT, view, frame, { x: 400, y: 300 }, 1e6);
    expect(placeView(most, view, frame).scale).toBeCloseTo(MOST_SCALE, 9);
  });

  test('out again ends where it began', () => {
    const there = zoomAt(FIT, view, frame, { x: 33, y: 500 }, 5);
    expect(zoomAt(there, view, frame, { x: 33, y: 500 }, 1 / 5)).toEqual(FIT);
  });
});

describe('panning', () => {
  const zoomed = { zoom: 4, centre: { x: 0.5, y: 0.5 } };

  test('moves the picture with the pointer', () => {
    const moved = panBy(zoomed, view, frame, { x: 30, y: -12 });
    const before = placeView(zoomed, view, frame);
    const after = placeView(moved, view, frame);
    expect(after.originX - before.originX).toBeCloseTo(30, 9);
    expect(after.originY - before.originY).toBeCloseTo(-12, 9);
  });

  test('stops at the edge of the view: no empty ground appears in the frame', () => {
    const placement = placeView(panBy(zoomed, view, frame, { x: 1e5, y: 1e5 }), view, frame);
    expect(placement.originX).toBeCloseTo(frame.x, 9);
    expect(placement.originY).toBeCloseTo(frame.y, 9);
  });

  test('does not move along an axis on which the view fits', () => {
    expect(settle({ zoom: 1, centre: { x: 0.9, y: 0.1 } }, view, frame).centre.y).toBe(0.5);
  });
});

describe('bringing a region into view', () => {
  test('moves nothing when the region is legible where it is', () => {
    const box = { x: 500, y: 300, width: 300, height: 300 };
    expect(bringIntoView(FIT, view, frame, box)).toBe(FIT);
  });

  test('enlarges a region that is too small to see, until it is legible', () => {
    const box = { x: 1000, y: 500, width: 40, height: 30 };
    const seen = toScreen(placeView(bringIntoView(FIT, view, frame, box), view, frame), box);
    expect(seen.width).toBeCloseTo(56, 6);
    expect(seen.x).toBeGreaterThanOrEqual(frame.x);
    expect(seen.x + seen.width).toBeLessThanOrEqual(frame.x + frame.width);
  });

  test('pans to a region that lies outside the frame', () => {
    const corner = { zoom: 8, centre: { x: 0.1, y: 0.1 } };
    const box = { x: 1800, y: 900, width: 60, height: 60 };
    const seen = toScreen(placeView(bringIntoView(corner, view, frame, box), view, frame), box);
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
