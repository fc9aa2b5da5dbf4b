import type { Box } from '../../src-shared/domain/screening-outcome';
import type { FrameDescription, ShownPicture } from './frame-description';
import { scaleAffine } from './overlay/affine';
import { placeView, type Point, type Size, type Viewpoint } from './viewpoint';

/** One view as the viewer's state holds it; places are in CSS pixels. */
export interface ShownView {
  readonly viewIndex: number;
  /** The view's own size in its pixels. */
  readonly size: Size;
  readonly place: Box;
  /** The part of the place into which the view is fitted: words stand on the rest. */
  readonly frame: Box;
  readonly picture: ShownPicture | null;
}

export interface ViewerSettings {
  readonly stage: Size;
  readonly pixelRatio: number;
  readonly viewpoint: Viewpoint;
  /** What open beam looks like. */
  readonly ground: 'light' | 'dark';
}

const scaleBox = (box: Box, by: number): Box => ({
  x: box.x * by,
  y: box.y * by,
  width: box.width * by,
  height: box.height * by,
});

/** The frame that the viewer's state asks for, in device pixels. */
export function describeFrame(
  { stage, pixelRatio, viewpoint, ground }: ViewerSettings,
  views: readonly ShownView[],
): FrameDescription {
  return {
    widthPx: Math.round(stage.width * pixelRatio),
    heightPx: Math.round(stage.height * pixelRatio),
    pixelRatio,
    ground: views.some((view) => view.picture !== null) ? ground : 'empty',
    panes: views.map(({ place, size, frame, picture }) => ({
      place: scaleBox(place, pixelRatio),
      placement: scaleAffine(placeView(viewpoint, size, frame), pixelRatio),
      picture,
    })),
  };
}

/** How many times larger the magnifier shows what lies under it. */
const MAGNIFICATION = 3;

/** The frame of a square glass of so many CSS pixels whose middle shows what lies at a point of the stage. */
export function describeGlass(
  { pixelRatio, viewpoint, ground }: ViewerSettings,
  { size, frame, picture }: ShownView,
  at: Point,
  sidePx: number,
): FrameDescription {
  const { a, b, c, d, e, f } = placeView(viewpoint, size, frame);
  const enlarged = {
    ...{ a: a * MAGNIFICATION, b: b * MAGNIFICATION, c: c * MAGNIFICATION, d: d * MAGNIFICATION },
    e: (e - at.x) * MAGNIFICATION + sidePx / 2,
    f: (f - at.y) * MAGNIFICATION + sidePx / 2,
  };
  const side = Math.round(sidePx * pixelRatio);
  return {
    widthPx: side,
    heightPx: side,
    pixelRatio,
    ground: picture === null ? 'empty' : ground,
    panes: [
      {
        place: { x: 0, y: 0, width: side, height: side },
        placement: scaleAffine(enlarged, pixelRatio),
        picture,
      },
    ],
  };
}
