import { expect, test } from 'vitest';
import {
  describeFrame,
  describeGlass,
  type ShownView,
  type ViewerSettings,
} from '../../src-renderer/viewer/describe-frame';
import { drawFrame } from '../../src-renderer/viewer/draw-frame';
import type { FrameDescription } from '../../src-renderer/viewer/frame-description';
import { groundOf } from '../../src-renderer/viewer/image-function';
import { FIT, flipped, turned, type Viewpoint } from '../../src-renderer/viewer/viewpoint';
import { displayParameters } from '../../src-shared/imaging/display/display-parameters';
import { ORIGINAL_STEPS, type DisplaySteps } from '../../src-shared/imaging/display/display-steps';
import { toDisplayView } from '../../src-shared/imaging/display/to-display-view';
import { drawnBag } from './drawn-bag';
import { expectGolden } from './golden-picture';
import { SoftwareSurface } from './software-surface';

const STAGE = { width: 240, height: 180 };

interface Scene {
  readonly viewpoint?: Viewpoint;
  readonly steps?: Partial<DisplaySteps>;
  readonly pixelRatio?: number;
  readonly views?: number;
  /** Where the magnifier is held, when it is what is drawn. */
  readonly glassAt?: { readonly x: number; readonly y: number };
}

function frameOf({
  viewpoint = FIT,
  steps = {},
  pixelRatio = 1,
  views = 1,
  glassAt,
}: Scene): FrameDescription {
  const chosen = { ...ORIGINAL_STEPS, ...steps };
  const width = STAGE.width / views;
  const shown = Array.from({ length: views }, (_, viewIndex): ShownView => {
    const { rgb, widthPx, heightPx } = drawnBag(160 - 40 * viewIndex, 120);
    const pixels = { kind: 'rgb', rgb } as const;
    const view = toDisplayView({ index: viewIndex, widthPx, heightPx, pixelPitchMm: null, pixels });
    const place = { x: viewIndex * width, y: 0, width, height: STAGE.height };
    return {
      viewIndex,
      size: { width: widthPx, height: heightPx },
      place,
      frame: { x: place.x + 6, y: 18, width: width - 12, height: STAGE.height - 36 },
      picture: { view, parameters: displayParameters(chosen, 'rgb') },
    };
  });
  const settings: ViewerSettings = {
    stage: STAGE,
    pixelRatio,
    viewpoint,
    ground: groundOf(chosen),
  };
  const [first] = shown;
  if (glassAt !== undefined && first !== undefined) {
    return describeGlass(settings, first, glassAt, 120);
  }
  return describeFrame(settings, shown);
}

function paint(frame: FrameDescription): SoftwareSurface {
  const surface = new SoftwareSurface(frame.widthPx, frame.heightPx);
  drawFrame(surface, frame);
  return surface;
}

test.each<[string, Scene]>([
  ['frame-original', {}],
  ['frame-grey', { steps: { colour: 'grey' } }],
  ['frame-negative', { steps: { negative: true } }],
  ['frame-zoomed', { viewpoint: { ...FIT, zoom: 3, centre: { x: 0.55, y: 0.5 } } }],
  ['frame-turned', { viewpoint: turned(FIT) }],
  ['frame-flipped-close', { viewpoint: { ...flipped(FIT), zoom: 4 } }],
  ['frame-glass', { glassAt: { x: 150, y: 80 } }],
  ['frame-two-views', { views: 2 }],
  ['frame-double-density', { pixelRatio: 2 }],
])('%s is drawn as its golden picture', (name, scene) => {
  expectGolden(name, paint(frameOf(scene)));
});

test('the same frame gives the same pixels', () => {
  expect(Buffer.compare(paint(frameOf({})).rgb, paint(frameOf({})).rgb)).toBe(0);
});
