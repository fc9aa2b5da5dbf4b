import { expect, test } from 'vitest';
import { describeFrame, type ShownView } from '../../src-renderer/viewer/describe-frame';
import { drawFrame } from '../../src-renderer/viewer/draw-frame';
import type { FrameDescription } from '../../src-renderer/viewer/frame-description';
import { applyImageFunction, type ImageFunction } from '../../src-renderer/viewer/image-function';
import { FIT, type Viewpoint } from '../../src-renderer/viewer/viewpoint';
import { drawnBag } from './drawn-bag';
import { expectGolden } from './golden-picture';
import { SoftwareSurface } from './software-surface';

const STAGE = { width: 240, height: 180 };

interface Scene {
  readonly viewpoint?: Viewpoint;
  readonly imageFunction?: ImageFunction;
  readonly pixelRatio?: number;
  readonly views?: number;
}

function frameOf({
  viewpoint = FIT,
  imageFunction = 'original',
  pixelRatio = 1,
  views = 1,
}: Scene): FrameDescription {
  const width = STAGE.width / views;
  const shown = Array.from({ length: views }, (_, viewIndex): ShownView => {
    const picture = drawnBag(160 - 40 * viewIndex, 120);
    const place = { x: viewIndex * width, y: 0, width, height: STAGE.height };
    return {
      viewIndex,
      size: { width: picture.widthPx, height: picture.heightPx },
      place,
      frame: { x: place.x + 6, y: 18, width: width - 12, height: STAGE.height - 36 },
      picture: applyImageFunction(picture, imageFunction),
    };
  });
  return describeFrame({ stage: STAGE, pixelRatio, viewpoint, imageFunction }, shown);
}

function paint(frame: FrameDescription): SoftwareSurface {
  const surface = new SoftwareSurface(frame.widthPx, frame.heightPx);
  drawFrame(surface, frame);
  return surface;
}

test.each<[string, Scene]>([
  ['frame-original', {}],
  ['frame-grey', { imageFunction: 'grey' }],
  ['frame-negative', { imageFunction: 'negative' }],
  ['frame-zoomed', { viewpoint: { zoom: 3, centre: { x: 0.55, y: 0.5 } } }],
  ['frame-two-views', { views: 2 }],
  ['frame-double-density', { pixelRatio: 2 }],
])('%s is drawn as its golden picture', (name, scene) => {
  expectGolden(name, paint(frameOf(scene)));
});

test('the same frame gives the same pixels', () => {
  expect(Buffer.compare(paint(frameOf({})).rgb, paint(frameOf({})).rgb)).toBe(0);
});
