import { expect, test } from 'vitest';
import { describeFrame, type ShownView } from '../../src-renderer/viewer/describe-frame';
import { drawFrame, MARK_COLOURS } from '../../src-renderer/viewer/draw-frame';
import type { NumberedRegion } from '../../src-renderer/viewer/finding';
import type { FrameDescription } from '../../src-renderer/viewer/frame-description';
import { heatRaster } from '../../src-renderer/viewer/heat-raster';
import { applyImageFunction, type ImageFunction } from '../../src-renderer/viewer/image-function';
import type { ViewPicture } from '../../src-renderer/viewer/raster';
import { FIT, type Viewpoint } from '../../src-renderer/viewer/viewpoint';
import { expectGolden } from './golden-picture';
import { SoftwareSurface } from './software-surface';

const STAGE = { width: 240, height: 180 };

/** A bag of plain shapes in the trade's colours: organic block, green bar, blue metal ring, open beam. */
function bag(widthPx: number, heightPx: number): ViewPicture {
  const rgb = new Uint8Array(widthPx * heightPx * 3).fill(255);
  for (let y = 0; y < heightPx; y += 1) {
    for (let x = 0; x < widthPx; x += 1) {
      const u = x / widthPx;
      const v = y / heightPx;
      const fromRing = Math.hypot(u - 0.7, v - 0.4);
      let colour: readonly number[] = [255, 255, 255];
      if (u > 0.1 && u < 0.55 && v > 0.2 && v < 0.85) colour = [240, 160, 70];
      if (v > 0.6 && v < 0.75 && u > 0.05 && u < 0.95) colour = [70, 150, 60];
      if (fromRing > 0.12 && fromRing < 0.18) colour = [30, 70, 160];
      rgb.set(colour, (y * widthPx + x) * 3);
    }
  }
  return { widthPx, heightPx, rgb };
}

/** Heat that peaks at the ring; the leftmost column of cells was not scored. */
function heat(view: ViewPicture): NonNullable<ShownView['heat']> {
  const cellPx = 8;
  const columns = Math.ceil(view.widthPx / cellPx);
  const rows = Math.ceil(view.heightPx / cellPx);
  const displayScores = new Float32Array(columns * rows);
  for (let row = 0; row < rows; row += 1) {
    for (let column = 0; column < columns; column += 1) {
      const away = Math.hypot((column + 0.5) / columns - 0.7, (row + 0.5) / rows - 0.4);
      displayScores[row * columns + column] = column === 0 ? NaN : Math.max(0, 1 - 2.5 * away);
    }
  }
  return {
    raster: heatRaster({ columns, rows, cellPx, displayScores }),
    covers: { x: 0, y: 0, width: columns * cellPx, height: rows * cellPx },
  };
}

function region(number: number, viewIndex: number, x: number, y: number): NumberedRegion {
  const box = { x, y, width: 44, height: 36 };
  return {
    number,
    viewIndex,
    region: { ...box, displayScore: 0.9 - number / 10, anomalyScore: 1, areaPx: 1584, peak: box },
  };
}

interface Scene {
  readonly viewpoint?: Viewpoint;
  readonly imageFunction?: ImageFunction;
  readonly marksShown?: boolean;
  readonly pixelRatio?: number;
  readonly views?: number;
}

function frameOf({
  viewpoint = FIT,
  imageFunction = 'original',
  marksShown = true,
  pixelRatio = 1,
  views = 1,
}: Scene): FrameDescription {
  const width = STAGE.width / views;
  const shown = Array.from({ length: views }, (_, viewIndex): ShownView => {
    const picture = bag(160 - 40 * viewIndex, 120);
    const place = { x: viewIndex * width, y: 0, width, height: STAGE.height };
    return {
      viewIndex,
      size: { width: picture.widthPx, height: picture.heightPx },
      place,
      frame: { x: place.x + 6, y: 18, width: width - 12, height: STAGE.height - 36 },
      picture: applyImageFunction(picture, imageFunction),
      heat: heat(picture),
      opaque: viewIndex === 0 ? [{ x: 20, y: 76, width: 40, height: 24 }] : [],
    };
  });
  return describeFrame(
    {
      stage: STAGE,
      pixelRatio,
      viewpoint,
      imageFunction,
      marksShown,
      opacity: 0.75,
      selectedNumber: 1,
      opaqueWord: 'opaque',
    },
    shown,
    [region(1, 0, 88, 28), region(2, views - 1, 8, 4)],
  );
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
  ['frame-marks-hidden', { marksShown: false }],
  ['frame-zoomed', { viewpoint: { zoom: 3, centre: { x: 0.55, y: 0.5 } } }],
  ['frame-two-views', { views: 2 }],
  ['frame-double-density', { pixelRatio: 2 }],
])('%s is drawn as its golden picture', (name, scene) => {
  expectGolden(name, paint(frameOf(scene)));
});

test('the same frame gives the same pixels', () => {
  expect(paint(frameOf({})).rgb).toEqual(paint(frameOf({})).rgb);
});

test('hiding the marks leaves the picture alone: no pixel has the colour of a mark or of heat', () => {
  const bare = paint(frameOf({ marksShown: false })).rgb;
  const withoutFindings = frameOf({});
  const stripped = {
    ...withoutFindings,
    panes: withoutFindings.panes.map((pane) => ({ ...pane, heat: null, regions: [], opaque: [] })),
  };
  expect(bare).toEqual(paint(stripped).rgb);
});

test('a mark shows on black and on white: the line on one, its casing on the other, at 3:1 or more', () => {
  for (const line of [MARK_COLOURS.alarm, MARK_COLOURS.opaque]) {
    expect(contrast(line, '#000000')).toBeGreaterThanOrEqual(3);
    expect(contrast(MARK_COLOURS.casing, '#ffffff')).toBeGreaterThanOrEqual(3);
    expect(contrast(line, MARK_COLOURS.onAlarm)).toBeGreaterThanOrEqual(4.5);
  }
});

/** WCAG 2's contrast ratio of two hex colours. */
function contrast(one: string, other: string): number {
  const luminances = [one, other].map((hex) => {
    const value = Number.parseInt(hex.slice(1), 16);
    const [red, green, blue] = [value >> 16, (value >> 8) & 255, value & 255].map((part) => {
      const share = part / 255;
      return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
    });
    return 0.2126 * (red ?? 0) + 0.7152 * (green ?? 0) + 0.0722 * (blue ?? 0);
  });
  return (Math.max(...luminances) + 0.05) / (Math.min(...luminances) + 0.05);
}
