import type { Box } from '../domain/screening-outcome';
import type { View, ViewPixels } from '../domain/scan';
import { missingCaseError } from '../domain/missing-case-error';
import type { CanonicalPicture } from '../imaging/canonical-picture';
import { COUNTS_SEARCH, findOpenBeam } from '../imaging/find-open-beam';
import { mulberry32 } from '../mulberry32';
import { findBagCells } from './bag-cells';
import { hardenedThreat } from './beam-hardening';
import type { CastThreat } from './cast-threat';
import { castThreat } from './cast-threat';
import { composeCounts } from './compose-counts';
import { composeExport, measureExportNoise } from './compose-export';
import { PaletteInverse } from './palette-inverse';
import { placeThreat } from './place-threat';
import { measureBlur } from './scanner-blur';
import { measureNoise } from './scanner-noise';
import type { ThreatPose, ThreatProjection } from './threat-projection';

/** A view of a bag with its canonical picture. */
export interface BagView {
  readonly view: View;
  readonly picture: CanonicalPicture;
}

/** What of a projection is not as exact as two energies and a known pitch make it. */
export const TIP_APPROXIMATIONS = ['palette', 'single-energy', 'pixel-pitch'] as const;
export type TipApproximation = (typeof TIP_APPROXIMATIONS)[number];

/** Where a threat lies in a view of the composite. */
export interface ProjectedView {
  readonly viewIndex: number;
  readonly box: Box;
}

/** A bag's scan with a threat in it. */
export interface Composite {
  readonly views: readonly View[];
  readonly placed: readonly ProjectedView[];
  readonly approximations: readonly TipApproximation[];
}

/** Millimetres a pixel that are assumed where neither the scan nor the lane says. */
const ASSUMED_PITCH_MM = 1;
/** A pixel belongs to the threat's box where it takes more than this share of the beam. */
const BOX_SHARE = 0.02;

let sharedInverse: PaletteInverse | null = null;

/**
 * Projects a threat into a bag by Beer–Lambert. The bag's own views stay as they are.
 * @param threat one projection a view of the bag, all of one threat in one attitude
 * @param seed the same seed gives the same composite
 * @param lanePitchMm pitch for views that do not say theirs; null where the lane does not know it
 * @returns null where the bag has no room for the threat, or a view has no open beam
 */
export function projectThreat(
  bag: readonly BagView[],
  threat: readonly ThreatProjection[],
  seed: number,
  lanePitchMm: number | null,
): Composite | null {
  if (bag.length === 0 || threat.length < bag.length) return null;
  if (bag.some(({ picture }) => picture.openBeam === null)) return null;
  const uniform = mulberry32(seed);
  const targets = bag.map(({ view, picture }, index) => ({
    pixelPitchMm: view.pixelPitchMm ?? lanePitchMm ?? ASSUMED_PITCH_MM,
    threat: threat[index] as ThreatProjection,
    picture,
  }));
  const poses = placeThreat(
    targets.map(({ pixelPitchMm, threat, picture }) => ({
      pixelPitchMm,
      threat,
      cells: findBagCells(picture.brightness, picture.widthPx, picture.heightPx, pixelPitchMm),
    })),
    uniform,
  );
  if (poses === null) return null;
  const placed: ProjectedView[] = [];
  const views = bag.map(({ view, picture }, index): View => {
    const target = targets[index];
    const pose = poses[index];
    if (target === undefined || pose === undefined) return view;
    const { brightness, widthPx, heightPx } = picture;
    const blurSigmaPx = measureBlur(brightness, widthPx, heightPx);
    const threat = behindView(view, target.threat, pose, target.pixelPitchMm);
    const cast = castThreat(threat, pose, { ...target, blurSigmaPx });
    placed.push({ viewIndex: view.index, box: boxOf(cast, view) });
    return { ...view, pixels: composePixels({ view, picture }, cast, uniform) };
  });
  return { views, placed, approximations: approximationsOf(bag, lanePitchMm) };
}

const openOf = (values: Uint16Array): number =>
  findOpenBeam(values, COUNTS_SEARCH)?.level ?? 65_535;

/** Where two energies tell how the bag has hardened the beam, the threat as that beam sees it. */
function behindView(
  { pixels, widthPx }: View,
  threat: ThreatProjection,
  pose: ThreatPose,
  pixelPitchMm: number,
): ThreatProjection {
  if (pixels.kind !== 'dual-energy') return threat;
  const { low, high } = pixels;
  const bag = { low, high, openLow: openOf(low), openHigh: openOf(high), widthPx };
  return hardenedThreat(threat, pose, pixelPitchMm, bag);
}

function composePixels(
  { view, picture }: BagView,
  cast: CastThreat,
  uniform: () => number,
): ViewPixels {
  const { widthPx, heightPx, pixels } = view;
  const counts = (values: Uint16Array, transmission: Float32Array): Uint16Array => {
    const noise = measureNoise(values, widthPx, heightPx, openOf(values));
    return composeCounts(values, widthPx, cast, transmission, noise, uniform);
  };
  switch (pixels.kind) {
    case 'dual-energy': {
      const { low, high } = pixels;
      return { kind: 'dual-energy', low: counts(low, cast.low), high: counts(high, cast.high) };
    }
    case 'single-energy': {
      // One detector sees both parts of the spectrum.
      const whole = cast.low.map((low, at) => (low + (cast.high[at] ?? 1)) / 2);
      return { kind: 'single-energy', grey: counts(pixels.grey, whole) };
    }
    case 'rgb': {
      sharedInverse ??= new PaletteInverse();
      const noise = measureExportNoise(picture.brightness, widthPx, heightPx);
      const rgb = composeExport(pixels.rgb, widthPx, cast, sharedInverse, noise, uniform);
      return { kind: 'rgb', rgb };
    }
    default:
      throw missingCaseError(pixels);
  }
}

/** The pixels of the view in which the threat takes a share of the beam. */
function boxOf(cast: CastThreat, { widthPx, heightPx }: View): Box {
  let [left, top, right, bottom] = [widthPx, heightPx, -1, -1];
  cast.low.forEach((passed, at) => {
    if (passed > 1 - BOX_SHARE) return;
    const column = cast.x + (at % cast.width);
    const row = cast.y + Math.floor(at / cast.width);
    left = Math.min(left, Math.max(0, column));
    right = Math.max(right, Math.min(widthPx - 1, column));
    top = Math.min(top, Math.max(0, row));
    bottom = Math.max(bottom, Math.min(heightPx - 1, row));
  });
  return { x: left, y: top, width: right - left + 1, height: bottom - top + 1 };
}

function approximationsOf(
  bag: readonly BagView[],
  lanePitchMm: number | null,
): readonly TipApproximation[] {
  const found = new Set<TipApproximation>();
  for (const { view } of bag) {
    if (view.pixels.kind === 'rgb') found.add('palette');
    if (view.pixels.kind === 'single-energy') found.add('single-energy');
    if (view.pixelPitchMm === null && lanePitchMm === null) found.add('pixel-pitch');
  }
  return [...found];
}
