import type { Box } from '../../src-shared/domain/screening-outcome';
import type { FrameDescription, PaneDescription } from './frame-description';
import { groundOf, type ImageFunction } from './image-function';
import type { Raster } from './raster';
import { placeView, type Size, type Viewpoint } from './viewpoint';

/** One view as the viewer's state holds it; places are in CSS pixels. */
export interface ShownView {
  readonly viewIndex: number;
  /** The view's own size in its pixels. */
  readonly size: Size;
  readonly place: Box;
  /** The part of the place into which the view is fitted: words stand on the rest. */
  readonly frame: Box;
  readonly picture: Raster | null;
}

export interface ViewerSettings {
  readonly stage: Size;
  readonly pixelRatio: number;
  readonly viewpoint: Viewpoint;
  readonly imageFunction: ImageFunction;
}

const scaleBox = (box: Box, by: number): Box => ({
  x: box.x * by,
  y: box.y * by,
  width: box.width * by,
  height: box.height * by,
});

/** The frame that the viewer's state asks for, in device pixels. */
export function describeFrame(
  settings: ViewerSettings,
  views: readonly ShownView[],
): FrameDescription {
  const { pixelRatio } = settings;
  return {
    widthPx: Math.round(settings.stage.width * pixelRatio),
    heightPx: Math.round(settings.stage.height * pixelRatio),
    pixelRatio,
    ground: views.some((view) => view.picture !== null)
      ? groundOf(settings.imageFunction)
      : 'empty',
    panes: views.map((view) => describePane(settings, view)),
  };
}

function describePane(settings: ViewerSettings, view: ShownView): PaneDescription {
  const { pixelRatio } = settings;
  return {
    place: scaleBox(view.place, pixelRatio),
    placement: placeView(settings.viewpoint, view.size, scaleBox(view.frame, pixelRatio)),
    picture: view.picture,
  };
}
