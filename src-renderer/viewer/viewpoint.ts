import type { Box } from '../../src-shared/domain/screening-outcome';

export interface Size {
  readonly width: number;
  readonly height: number;
}

export interface Point {
  readonly x: number;
  readonly y: number;
}

/**
 * Where the operator looks, shared by all views of a bag: zoom 1 fits the whole view into its
 * pane; the centre is a share of the view's width and height, so that views of different sizes
 * move together.
 */
export interface Viewpoint {
  readonly zoom: number;
  readonly centre: Point;
}

/** How a view lies on the screen: screen = origin + view pixel × scale. */
export interface Placement {
  readonly scale: number;
  readonly originX: number;
  readonly originY: number;
}

export const FIT: Viewpoint = { zoom: 1, centre: { x: 0.5, y: 0.5 } };

/** One view pixel never takes more screen pixels than this, unless fitting alone needs it. */
export const MOST_SCALE = 16;
export const ZOOM_STEP = 1.25;

const within = (value: number, least: number, most: number) =>
  Math.min(most, Math.max(least, value));

/** The scale at which the whole view just fits into the frame. */
export function fitScale(view: Size, frame: Size): number {
  return Math.min(frame.width / view.width, frame.height / view.height);
}

/** How the view lies in its frame for a viewpoint. */
export function placeView(viewpoint: Viewpoint, view: Size, frame: Box): Placement {
  const scale = fitScale(view, frame) * viewpoint.zoom;
  return {
    scale,
    originX: frame.x + frame.width / 2 - viewpoint.centre.x * view.width * scale,
    originY: frame.y + frame.height / 2 - viewpoint.centre.y * view.height * scale,
  };
}

export function toView(placement: Placement, screen: Point): Point {
  return {
    x: (screen.x - placement.originX) / placement.scale,
    y: (screen.y - placement.originY) / placement.scale,
  };
}

export function toScreen(placement: Placement, box: Box): Box {
  return {
    x: placement.originX + box.x * placement.scale,
    y: placement.originY + box.y * placement.scale,
    width: box.width * placement.scale,
    height: box.height * placement.scale,
  };
}

/** Keeps the zoom in range and the view on its frame: a view that fits along an axis is centred on it. */
export function settle(viewpoint: Viewpoint, view: Size, frame: Size): Viewpoint {
  const fit = fitScale(view, frame);
  const zoom = within(viewpoint.zoom, 1, Math.max(1, MOST_SCALE / fit));
  const settleAxis = (centre: number, viewPx: number, framePx: number) => {
    const visibleShare = framePx / (viewPx * fit * zoom);
    return visibleShare >= 1 ? 0.5 : within(centre, visibleShare / 2, 1 - visibleShare / 2);
  };
  return {
    zoom,
    centre: {
      x: settleAxis(viewpoint.centre.x, view.width, frame.width),
      y: settleAxis(viewpoint.centre.y, view.height, frame.height),
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
  const { zoom } = settle({ ...viewpoint, zoom: viewpoint.zoom * factor }, view, frame);
  const scale = fitScale(view, frame) * zoom;
  const centre = {
    x: (under.x - (pointer.x - frame.x - frame.width / 2) / scale) / view.width,
    y: (under.y - (pointer.y - frame.y - frame.height / 2) / scale) / view.height,
  };
  return settle({ zoom, centre }, view, frame);
}

/** Drags the view by a distance on the screen. */
export function panBy(viewpoint: Viewpoint, view: Size, frame: Box, by: Point): Viewpoint {
  const scale = fitScale(view, frame) * viewpoint.zoom;
  const centre = {
    x: viewpoint.centre.x - by.x / (view.width * scale),
    y: viewpoint.centre.y - by.y / (view.height * scale),
  };
  return settle({ zoom: viewpoint.zoom, centre }, view, frame);
}

/** A region smaller than this on the screen is enlarged until it reaches it. */
const LEGIBLE_PX = 56;

/**
 * The least move that makes a box of the view legible: none where it is wholly in the frame and
 * large enough.
 */
export function bringIntoView(viewpoint: Viewpoint, view: Size, frame: Box, box: Box): Viewpoint {
  const onScreen = toScreen(placeView(viewpoint, view, frame), box);
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
  return settle({ zoom, centre }, view, frame);
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
