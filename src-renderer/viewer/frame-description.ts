import type { Box } from '../../src-shared/domain/screening-outcome';
import type { DisplayParameters } from '../../src-shared/imaging/display/display-parameters';
import type { DisplayView } from '../../src-shared/imaging/display/display-view';
import type { Affine } from './overlay/affine';

/** Everything that one frame of the picture shows; drawing reads nothing else. The machine's marks lie on a layer of their own. Screen sizes are device pixels. */
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
  /** From the view's pixels to the screen. */
  readonly placement: Affine;
  readonly picture: ShownPicture | null;
}

export interface ShownPicture {
  readonly view: DisplayView;
  readonly parameters: DisplayParameters;
}
