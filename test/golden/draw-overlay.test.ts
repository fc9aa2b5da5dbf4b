import { expect, test } from 'vitest';
import type { Affine } from '../../src-renderer/viewer/overlay/affine';
import {
  describeOverlay,
  viewFinding,
  type OverlayPane,
} from '../../src-renderer/viewer/overlay/describe-overlay';
import { drawOverlay } from '../../src-renderer/viewer/overlay/draw-overlay';
import type { OverlayMode } from '../../src-renderer/viewer/overlay/overlay-description';
import { numberRegions, type ScoredPresentedView } from '../../src-renderer/viewer/finding';
import type { TileScore } from '../../src-shared/domain/screening-outcome';
import { viewAlarm } from '../../src-shared/screening/alarm-regions';
import { cellSizePx, scoreMap } from '../../src-shared/screening/score-map';
import { drawnBag } from './drawn-bag';
import { expectGolden } from './golden-picture';
import { SoftwareOverlaySurface } from './software-overlay-surface';

const VIEW = { widthPx: 320, heightPx: 240 };
const STAGE = { width: 360, height: 280 };
const THRESHOLD = 0.3;

/** Scores that peak at the bag's metal ring and at its lower left corner. */
function scoreAt(x: number, y: number): number {
  const fromRing = Math.hypot(x / VIEW.widthPx - 0.7, y / VIEW.heightPx - 0.4);
  const fromCorner = Math.hypot(x / VIEW.widthPx - 0.15, y / VIEW.heightPx - 0.8);
  return Math.max(0, 0.95 - 2.4 * fromRing, 0.5 - 2 * fromCorner);
}

/** Tiles of either kind of score: overlapping tiles of a latent score, or the squares of a map. */
function tilesOf(kind: 'latent' | 'map'): { readonly tiles: TileScore[]; readonly stride: number } {
  const side = kind === 'latent' ? 64 : 16;
  const stride = kind === 'latent' ? 32 : 16;
  const tiles: TileScore[] = [];
  for (let y = 0; y + side <= VIEW.heightPx; y += stride) {
    for (let x = 0; x + side <= VIEW.widthPx; x += stride) {
      const displayScore = scoreAt(x + side / 2, y + side / 2);
      tiles.push({ x, y, width: side, height: side, displayScore, anomalyScore: displayScore });
    }
  }
  return { tiles, stride };
}

function scoredView(kind: 'latent' | 'map', viewIndex = 0): ScoredPresentedView {
  const { tiles, stride } = tilesOf(kind);
  const { alarm, regions } = viewAlarm({ viewIndex, tileScores: tiles }, THRESHOLD);
  return {
    viewIndex,
    ...VIEW,
    pixelKind: 'rgb',
    pixelPitchMm: null,
    state: 'scored',
    tiles: { count: tiles.length, skipped: 0, strideX: stride, strideY: stride },
    tileScores: tiles,
    scoreMap: {
      ...scoreMap(VIEW, tiles, cellSizePx(stride)),
      displayScores: new Float32Array(scoreMap(VIEW, tiles, cellSizePx(stride)).displayScores),
    },
    anomalyScoreMax: 1,
    displayScoreMax: 1,
    opaque: [{ x: 40, y: 24, width: 70, height: 40 }],
    alarm,
    regions: [...regions],
  };
}

interface Scene {
  readonly mode: OverlayMode;
  readonly kind?: 'latent' | 'map';
  readonly toStage?: Affine;
  readonly pixelRatio?: number;
  readonly shown?: boolean;
}

const UPRIGHT: Affine = { a: 1, b: 0, c: 0, d: 1, e: 20, f: 20 };

/** Draws the bag as it lies on the stage, then the overlay over it. */
function paint({ mode, kind = 'map', toStage = UPRIGHT, pixelRatio = 1, shown = true }: Scene) {
  const view = scoredView(kind);
  const pane: OverlayPane = {
    viewIndex: 0,
    place: { x: 0, y: 0, ...STAGE },
    toStage,
  };
  const overlay = describeOverlay(
    { stage: STAGE, pixelRatio, mode, opacity: 0.75, selectedNumber: 1, opaqueWord: 'opaque' },
    shown ? [pane] : [],
    [viewFinding(view, THRESHOLD, (score) => score.toFixed(2))],
    numberRegions([view]),
  );
  const rgb = new Uint8Array(overlay.widthPx * overlay.heightPx * 3).fill(255);
  const surface = new SoftwareOverlaySurface(overlay.widthPx, overlay.heightPx, rgb);
  const { rgb: bag } = drawnBag(VIEW.widthPx, VIEW.heightPx);
  const rgba = new Uint8ClampedArray(VIEW.widthPx * VIEW.heightPx * 4).fill(255);
  for (let at = 0; at < VIEW.widthPx * VIEW.heightPx; at += 1) {
    rgba.set(bag.subarray(at * 3, at * 3 + 3), at * 4);
  }
  const { a, b, c, d, e, f } = toStage;
  const r = pixelRatio;
  surface.drawRaster(
    { ...VIEW, rgba },
    { a: a * r, b: b * r, c: c * r, d: d * r, e: e * r, f: f * r },
    1,
  );
  const bare = rgb.slice();
  drawOverlay(surface, overlay);
  return { surface, bare };
}

test.each<[string, Scene]>([
  ['overlay-heat', { mode: 'heat' }],
  ['overlay-heat-latent', { mode: 'heat', kind: 'latent' }],
  ['overlay-threshold', { mode: 'threshold' }],
  ['overlay-threshold-latent', { mode: 'threshold', kind: 'latent' }],
  ['overlay-contours', { mode: 'contours' }],
  ['overlay-contours-latent', { mode: 'contours', kind: 'latent' }],
  ['overlay-turned', { mode: 'contours', toStage: { a: 0, b: 1, c: -1, d: 0, e: 300, f: -20 } }],
  ['overlay-mirrored', { mode: 'threshold', toStage: { a: -1, b: 0, c: 0, d: 1, e: 340, f: 20 } }],
  ['overlay-double-density', { mode: 'heat', pixelRatio: 2 }],
])('%s is drawn as its golden picture', (name, scene) => {
  expectGolden(name, paint(scene).surface);
});

test.each(['heat', 'threshold', 'contours'] as const)(
  'hidden, %s leaves every pixel of the picture as it was',
  (mode) => {
    const { surface, bare } = paint({ mode, shown: false });
    expect(Buffer.compare(surface.rgb, bare)).toBe(0);
    expect(Buffer.compare(paint({ mode }).surface.rgb, bare)).not.toBe(0);
  },
);

test('the area above φ leaves most of the picture inside it as it was', () => {
  const { surface, bare } = paint({ mode: 'threshold' });
  const [region] = numberRegions([scoredView('map')]);
  if (region === undefined) throw new Error('the view alarms');
  let same = 0;
  let all = 0;
  const inset = 8;
  const { x, y, width, height } = region.region;
  for (let row = y + inset; row < y + height - inset; row += 1) {
    for (let column = x + inset; column < x + width - inset; column += 1) {
      const at = ((row + UPRIGHT.f) * surface.widthPx + column + UPRIGHT.e) * 3;
      all += 1;
      if ([0, 1, 2].every((channel) => surface.rgb[at + channel] === bare[at + channel])) same += 1;
    }
  }
  expect(same / all).toBeGreaterThan(0.6);
});
