import type { Box } from '../../../src-shared/domain/screening-outcome';
import type { Raster } from '../raster';
import type { Point } from '../viewpoint';
import type { Affine } from './affine';
import type { AlarmArea } from './alarm-area';

/**
 * How the finding is laid over the picture: as heat, as the area that alarms alone, or as lines of
 * equal score. Frames and numbers stand in every mode.
 */
export const OVERLAY_MODES = ['heat', 'threshold', 'contours'] as const;
export type OverlayMode = (typeof OVERLAY_MODES)[number];

/** Points that a line runs through. */
export type Path = readonly Point[];

/** Everything that the layer over the picture shows; drawing reads nothing else. Screen sizes are device pixels. */
export interface OverlayDescription {
  readonly widthPx: number;
  readonly heightPx: number;
  /** Device pixels in one CSS pixel: how thick a line must be. */
  readonly pixelRatio: number;
  readonly panes: readonly PaneOverlay[];
}

/** The marks on one view, in view pixels. */
export interface PaneOverlay {
  /** Nothing is drawn outside, in device pixels. */
  readonly place: Box;
  readonly toScreen: Affine;
  /** The view itself: heat and areas end with it. */
  readonly view: Box;
  readonly heat: Heat | null;
  readonly area: (AlarmArea & { readonly hatched: boolean }) | null;
  readonly contours: readonly Contour[];
  readonly regions: readonly RegionMark[];
  readonly opaque: readonly Box[];
  /** The word on the flag of an opaque area. */
  readonly opaqueWord: string;
}

export interface Heat {
  readonly raster: Raster;
  /** What the raster covers; it may reach past the view's last row and column. */
  readonly covers: Box;
  readonly opacity: number;
}

/** The lines of one score. */
export interface Contour {
  readonly words: string;
  /** A line above φ is whole, one below it is broken. */
  readonly aboveThreshold: boolean;
  readonly paths: readonly Path[];
}

export interface RegionMark {
  readonly box: Box;
  readonly number: number;
  readonly selected: boolean;
}
