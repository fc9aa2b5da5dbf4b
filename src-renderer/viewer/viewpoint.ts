import type { Box } from '../../src-shared/domain/screening-outcome';
import { moveBox, type Affine } from './overlay/affine';

export interface Size {
  readonly width: number;
  readonly height: number;
}

export interface Point {
  readonly x: number;
  readonly y: number;
}

export type QuarterTurns = 0 | 1 | 2 | 3;

/**
 * Where the operator looks, shared by all views of a bag: zoom 1 fits the whole view into its
 * pane; the centre is a share of the view's width and height, so that views of different sizes
 * move together.
 */
export interface Viewpoint {
  readonly zoom: number;
  readonly centre: Point;
  /** Quarter turns clockwise, after the view was mirrored. */
  readonly turn: QuarterTurns;
  /** Left and right of the view are swapped. */
  readonly mirrored: boolean;
}

export const FIT: Viewpoint = { zoom: 1, centre: { x: 0.5, y: 0.5 }, turn: 0, mirrored: false };

/** Screen pixels that one view pixel may take, unless fitting alone needs more or fewer. */
export const MOST_SCALE = 16;
export const LEAST_SCALE = 0.1;
export const ZOOM_STEP = 1.25;

const within = (value: number, least: number, most: number) =>
  Math.min(most, Math.max(least, value));

/** Width and height of a view as it lies on the screen. */
export function lyingSize({ width, height }: Size, turn: QuarterTurns): Size {
  return turn % 2 === 0 ? { width, height } : { width: height, height: width };
}

/** The scale at which the whole view just fits into the frame. */
export function fitScale(view: Size, frame: Size, turn: QuarterTurns = 0): number {
  const lying = lyingSize(view, turn);
  return Math.min(frame.width / lying.width, frame.height / lying.height);
}

/** How directions of the view lie on the screen: x' = a·x + c·y, y' = b·x + d·y. */
function directions({ turn, mirrored }: Viewpoint): Pick<Affine, 'a' | 'b' | 'c' | 'd'> {
  const [a, b, c, d] = (
    [
      [1, 0, 0, 1],
      [0, 1, -1, 0],
      [-1, 0, 0, -1],
      [0, -1, 1, 0],
    ] as const
  )[turn];
  const sign = mirrored ? -1 : 1;
  return { a: sign * a, b: sign * b, c, d };
}

/** How the view lies in its frame for a viewpoint. */
export function placeView(viewpoint: Viewpoint, view: Size, frame: Box): Affine {
  const scale = fitScale(view, frame, viewpoint.turn) * viewpoint.zoom;
  const unit = directions(viewpoint);
  const [a, b, c, d] = [unit.a * scale, unit.b * scale, unit.c * scale, unit.d * scale];
  const x = viewpoint.centre.x * view.width;
  const y = viewpoint.centre.y * view.height;
  return {
    ...{ a, b, c, d },
    e: frame.x + frame.width / 2 - a * x - c * y,
    f: frame.y + frame.height / 2 - b * x - d * y,
  };
}

/** Screen pixels that a view pixel takes. */
export function scaleOf({ a, b, c, d }: Affine): number {
  return Math.sqrt(Math.abs(a * d - b * c));
}

/** From the screen back to the view. */
export function inverseOf({ a, b, c, d, e, f }: Affine): Affine {
  const area = a * d - b * c;
  const back = { a: d / area, b: -b / area, c: -c / area, d: a / area };
  return { ...back, e: -back.a * e - back.c * f, f: -back.b * e - back.d * f };
}

export function toView(placement: Affine, screen: Point): Point {
  const { a, b, c, d, e, f } = inverseOf(placement);
  return { x: a * screen.x + c * screen.y + e, y: b * screen.x + d * screen.y + f };
}

/** Keeps the zoom in range and the view on its frame: a view that fits along an axis is centred on it. */
export function settle(viewpoint: Viewpoint, view: Size, frame: Size): Viewpoint {
  const { turn } = viewpoint;
  const fit = fitScale(view, frame, turn);
  const zoom = within(
    viewpoint.zoom,
    Math.min(1, LEAST_SCALE / fit),
    Math.max(1, MOST_SCALE / fit),
  );
  const settleAxis = (centre: number, viewPx: number, framePx: number) => {
    const visibleShare = framePx / (viewPx * fit * zoom);
    return visibleShare >= 1 ? 0.5 : within(centre, visibleShare / 2, 1 - visibleShare / 2);
  };
  const lying = lyingSize(frame, turn);
  return {
    ...viewpoint,
    zoom,
    centre: {
      x: settleAxis(viewpoint.centre.x, view.width, lying.width),
      y: settleAxis(viewpoint.centre.y, view.height, lying.height),
    },
  };
}

/** Zooms by a factor so that what lies under the pointer stays there (as far as the frame allows). */
export function zoomAt(
  viewpoint: Viewpoint,
  view: Size,
  frame: Box,
  pointer: Point,
  factor: number,
): Viewpoint {
  const under = toView(placeView(viewpoint, view, frame), pointer);
  const zoomed = settle({ ...viewpoint, zoom: viewpoint.zoom * factor }, view, frame);
  const there = toView(placeView(zoomed, view, frame), pointer);
  const centre = {
    x: zoomed.centre.x + (under.x - there.x) / view.width,
    y: zoomed.centre.y + (under.y - there.y) / view.height,
  };
  return settle({ ...zoomed, centre }, view, frame);
}

/** Drags the view by a distance on the screen. */
export function panBy(viewpoint: Viewpoint, view: Size, frame: Box, by: Point): Viewpoint {
  const placement = placeView(viewpoint, view, frame);
  const from = toView(placement, { x: 0, y: 0 });
  const to = toView(placement, by);
  const centre = {
    x: viewpoint.centre.x - (to.x - from.x) / view.width,
    y: viewpoint.centre.y - (to.y - from.y) / view.height,
  };
  return settle({ ...viewpoint, centre }, view, frame);
}

/** A quarter turn clockwise of what is on the screen. */
export function turned(viewpoint: Viewpoint): Viewpoint {
  return { ...viewpoint, turn: ((viewpoint.turn + 1) % 4) as QuarterTurns };
}

/** Left and right of what is on the screen swapped. */
export function flipped(viewpoint: Viewpoint): Viewpoint {
  const turn = ((4 - viewpoint.turn) % 4) as QuarterTurns;
  return { ...viewpoint, turn, mirrored: !viewpoint.mirrored };
}

/** A region smaller than this on the screen is enlarged until it reaches it. */
const LEGIBLE_PX = 56;

/**
 * The least move that makes a box of the view legible: none where it is wholly in the frame and
 * large enough.
 */
export function bringIntoView(viewpoint: Viewpoint, view: Size, frame: Box, box: Box): Viewpoint {
  const onScreen = moveBox(placeView(viewpoint, view, frame), box);
  const longest = Math.max(onScreen.width, onScreen.height);
  const inside =
    onScreen.x >= frame.x &&
    onScreen.y >= frame.y &&
    onScreen.x + onScreen.width <= frame.x + frame.width &&
    onScreen.y + onScreen.height <= frame.y + frame.height;
  if (inside && longest >= LEGIBLE_PX) return viewpoint;
  const centre = {
    x: (box.x + box.width / 2) / view.width,
    y: (box.y + box.height / 2) / view.height,
  };
  const zoom = viewpoint.zoom * Math.max(1, LEGIBLE_PX / longest);
  return settle({ ...viewpoint, zoom, centre }, view, frame);
}

/** How views share the picture's place: one fills it, two stand side by side, up to four in a square. */
export function dividePlace(place: Box, count: number): readonly Box[] {
  const columns = count <= 1 ? 1 : count <= 4 ? 2 : Math.ceil(Math.sqrt(count));
  const rows = Math.ceil(Math.max(1, count) / columns);
  return Array.from({ length: count }, (_, index) => ({
    x: place.x + ((index % columns) * place.width) / columns,
    y: place.y + (Math.floor(index / columns) * place.height) / rows,
    width: place.width / columns,
    height: place.height / rows,
  }));
}
