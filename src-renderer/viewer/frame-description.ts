import type { Box } from '../../src-shared/domain/screening-outcome';
import type { Raster } from './raster';
import type { Placement } from './viewpoint';

/** Everything that one frame of the viewer shows; drawing reads nothing else. Screen sizes are device pixels. */
export interface FrameDescription {
  readonly widthPx: number;
  readonly heightPx: number;
  /** Device pixels in one CSS pixel: how thick a line must be. */
  readonly pixelRatio: number;
  readonly ground: 'light' | 'dark' | 'empty';
  readonly panes: readonly PaneDescription[];
}

/** One view in its part of the picture's place. */
export interface PaneDescription {
  /** Nothing of the view is drawn outside. */
  readonly place: Box;
  readonly placement: Placement;
  readonly picture: Raster | null;
  readonly heat: HeatDescription | null;
  /** Boxes in view pixels. */
  readonly regions: readonly RegionMark[];
  readonly opaque: readonly Box[];
  /** The word on the flag of an opaque area. */
  readonly opaqueWord: string;
}

export interface HeatDescription {
  readonly raster: Raster;
  /** What the raster covers, in view pixels; it may reach past the view's last row and column. */
  readonly covers: Box;
  readonly opacity: number;
}

export interface RegionMark {
  readonly box: Box;
  readonly number: number;
  readonly selected: boolean;
}
