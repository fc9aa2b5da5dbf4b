import type { CastThreat } from '../../src-shared/tip/cast-threat';
import { castThreat } from '../../src-shared/tip/cast-threat';
import { composeCounts } from '../../src-shared/tip/compose-counts';
import { measureBlur } from '../../src-shared/tip/scanner-blur';
import { measureNoise } from '../../src-shared/tip/scanner-noise';
import { toCanonicalPicture } from '../../src-shared/imaging/to-canonical-picture';
import { mulberry32 } from '../../src-shared/mulberry32';
import { packBag, placeInside } from '../simulator/bags/pack-bag';
import type { Affine } from '../simulator/geometry/affine';
import { compose, translation } from '../simulator/geometry/affine';
import type { SolidModel } from '../simulator/geometry/solid-model';
import type { CountPlanes, TransmissionPlanes } from '../simulator/physics/detect-counts';
import { detectCounts, transmissionOf } from '../simulator/physics/detect-counts';
import type { SimulatedScanner } from '../simulator/physics/scanner';
import { DEFAULT_SCANNER } from '../simulator/physics/scanner';
import type { AttenuationPlanes, ObjectMask, PictureGeometry } from '../simulator/project-solids';
import { atBelt, Projector } from '../simulator/project-solids';
import { RandomStream } from '../simulator/random-stream';
import { makeThreat } from '../simulator/threats/make-threat';
import { castModel } from './cast-model';
import { STARTER_PITCH_MM } from './starter-threat';

/** A scan that holds a threat, and what share of the beam the threat alone lets pass. */
export interface ThreatScan extends CountPlanes {
  /** Low channel's transmission of the threat, the size of the scan. */
  readonly passed: Float32Array;
}

/** One threat in one place of one bag: really in the beam, and projected into the scan of the bag without it. */
export interface ScanPair {
  readonly widthPx: number;
  readonly heightPx: number;
  /** Counts of the open beam. */
  readonly open: number;
  readonly scanned: ThreatScan;
  readonly projected: ThreatScan;
  /** The bag without the threat; its noise is that of `projected` before the threat was put in. */
  readonly bag: CountPlanes;
}

const MARGIN_MM = 20;

/** How a projection goes wrong on purpose, to show that the measure would see it. */
export type Flaw = 'none' | 'copied-noise' | 'too-sharp' | 'pasted-box';

/** Pair number `index` of a seed; nothing in it depends on other pairs. */
export function scanPair(seed: number, index: number, flaw: Flaw = 'none'): ScanPair {
  const random = new RandomStream(['phiscan-tip-pair', 1, seed, index]);
  const scanner = DEFAULT_SCANNER;
  const bag = packBag(random.substream('bag'));
  const models = bag.body.models.map((model) => model.bounds());
  const lift = 2 - Math.min(...models.map(([low]) => low[2]));
  const raise = translation(0, 0, lift);
  const geometry = frameOf(models, lift, scanner);
  const { widthPx, heightPx } = geometry;

  const own = random.substream('threat');
  const { model } = makeThreat('mixed', own);
  const pose = placeInside(bag, model, own, { share: 0.85, tries: 3, flatShare: 0.5 });
  const whole = new Projector(geometry, scanner.beam.binsKev);
  for (const object of bag.objects) whole.project(object.model, compose(raise, object.pose));
  const without = transmissionOf(whole.planes, scanner);
  const alone = new Projector(geometry, scanner.beam.binsKev);
  const mask = alone.project(model, compose(raise, pose));
  if (mask === null) throw new RangeError(`The threat of pair ${index} lies outside of its bag.`);
  alone.planes.values.fill(0);
  addFinely({ geometry, binsKev: scanner.beam.binsKev, model, pose: compose(raise, pose), mask }, [
    whole.planes,
    alone.planes,
  ]);

  const noise = (name: string): number => random.substream('noise', name).nameHash();
  const detect = (passed: TransmissionPlanes, seedOf: number): CountPlanes =>
    detectCounts(passed, widthPx, heightPx, scanner, seedOf);
  const clean = detect(without, noise('projected'));
  const cast = castAlike(
    geometry,
    clean,
    castModel(model, pose, scanner, STARTER_PITCH_MM),
    mask,
    flaw,
  );
  return {
    widthPx,
    heightPx,
    open: scanner.openBeamCounts,
    scanned: {
      ...detect(transmissionOf(whole.planes, scanner), noise('scanned')),
      passed: blurred(transmissionOf(alone.planes, scanner).low, widthPx, scanner.blurSigmaPx),
    },
    projected: projectedScan({ clean, cast, widthPx, flaw, seed: noise('composite') }),
    bag: clean,
  };
}

/** Rays a side of a pixel through a threat that is scanned: a detector sees all of its width. */
const FINE = 3;

interface FineThreat {
  readonly geometry: PictureGeometry;
  readonly binsKev: readonly number[];
  readonly model: SolidModel;
  readonly pose: Affine;
  readonly mask: ObjectMask;
}

/** Adds a threat to attenuation planes, each pixel by the mean of what passes over its width. */
function addFinely(
  { geometry, binsKev, model, pose, mask }: FineThreat,
  into: readonly AttenuationPlanes[],
): void {
  const pitch = geometry.pixelPitchMm / FINE;
  const inset = ((FINE - 1) / 2) * pitch;
  const fine = new Projector(
    {
      ...geometry,
      pixelPitchMm: pitch,
      stepX: pitch,
      widthPx: mask.width * FINE,
      heightPx: mask.height * FINE,
      firstX: geometry.firstX + mask.x * geometry.pixelPitchMm - inset,
      firstY: geometry.firstY + mask.y * geometry.pixelPitchMm - inset,
    },
    binsKev,
  );
  fine.project(model, pose);
  const { bins, values, widthPx } = fine.planes;
  const passed = new Float64Array(mask.width * mask.height * bins);
  for (let at = 0; at < values.length; at++) {
    const pixel = Math.floor(at / bins);
    const column = Math.floor((pixel % widthPx) / FINE);
    const row = Math.floor(pixel / widthPx / FINE);
    const to = (row * mask.width + column) * bins + (at % bins);
    passed[to] = (passed[to] ?? 0) + Math.exp(-(values[at] ?? 0)) / FINE ** 2;
  }
  for (const planes of into) {
    passed.forEach((share, at) => {
      const pixel = Math.floor(at / bins);
      const row = mask.y + Math.floor(pixel / mask.width);
      const to = (row * planes.widthPx + mask.x + (pixel % mask.width)) * bins + (at % bins);
      planes.values[to] = (planes.values[to] ?? 0) - Math.log(share);
    });
  }
}

function frameOf(
  bounds: readonly (readonly [readonly number[], readonly number[]])[],
  lift: number,
  scanner: SimulatedScanner,
): PictureGeometry {
  const axis = (side: 0 | 1, at: 0 | 1 | 2): readonly number[] =>
    bounds.map((bound) => bound[side][at] ?? 0);
  const pitch = scanner.pixelPitchMm;
  const firstX = Math.min(...axis(0, 0)) - MARGIN_MM;
  const firstY = Math.min(...axis(0, 1)) - MARGIN_MM;
  const probe: PictureGeometry = {
    widthPx: Math.ceil((Math.max(...axis(1, 0)) + MARGIN_MM - firstX) / pitch),
    heightPx: Math.ceil((Math.max(...axis(1, 1)) + MARGIN_MM - firstY) / pitch),
    pixelPitchMm: pitch,
    firstX,
    stepX: pitch,
    firstY,
    sourceY: 0,
    sourceToBeltMm: scanner.sourceToBeltMm,
  };
  return { ...probe, firstY: Math.min(firstY, atBelt(probe, firstY, lift)) };
}

/** Casts the library's view of the threat to where the scanned one lies, as well as a parallel view can. */
function castAlike(
  { widthPx, heightPx, pixelPitchMm }: PictureGeometry,
  clean: CountPlanes,
  threat: ReturnType<typeof castModel>,
  mask: ObjectMask,
  flaw: Flaw,
): CastThreat {
  const { brightness } = toCanonicalPicture({
    index: 0,
    widthPx,
    heightPx,
    pixelPitchMm,
    pixels: { kind: 'dual-energy', ...clean },
  });
  const measured = measureBlur(brightness, widthPx, heightPx);
  const pose = {
    angle: 0,
    mirrored: false,
    centreX: mask.x + (mask.width - 1) / 2,
    centreY: mask.y + (mask.height - 1) / 2,
  };
  return castThreat(threat, pose, {
    pixelPitchMm,
    blurSigmaPx: flaw === 'too-sharp' ? 0 : measured,
  });
}

function projectedScan({
  clean,
  cast,
  widthPx,
  flaw,
  seed,
}: {
  readonly clean: CountPlanes;
  readonly cast: CastThreat;
  readonly widthPx: number;
  readonly flaw: Flaw;
  readonly seed: number;
}): ThreatScan {
  const heightPx = clean.low.length / widthPx;
  const uniform = mulberry32(seed);
  const open = DEFAULT_SCANNER.openBeamCounts;
  const channel = (name: 'low' | 'high'): Uint16Array => {
    const measured = measureNoise(clean[name], widthPx, heightPx, open);
    const noise =
      flaw === 'copied-noise' ? { ...measured, gain: 1e-6, readoutVariance: 0 } : measured;
    const passed =
      flaw === 'pasted-box' ? onNoisyAir(cast[name], measured.gain / open, uniform) : cast[name];
    return composeCounts(clean[name], widthPx, cast, passed, noise, uniform);
  };
  const passed = new Float32Array(clean.low.length).fill(1);
  cast.low.forEach((value, at) => {
    const column = cast.x + (at % cast.width);
    const row = cast.y + Math.floor(at / cast.width);
    if (column < 0 || row < 0 || column >= widthPx || row >= heightPx) return;
    passed[row * widthPx + column] = value;
  });
  return { low: channel('low'), high: channel('high'), passed };
}

/** As the scanner blurs: three taps reach far enough for half a pixel. */
function blurred(plane: Float32Array, widthPx: number, sigma: number): Float32Array {
  const side = Math.exp(-1 / (2 * sigma * sigma));
  const weight = 1 / (1 + 2 * side);
  const along = (values: Float32Array, step: number): Float32Array =>
    values.map(
      (value, at) =>
        weight * (value + side * ((values[at - step] ?? value) + (values[at + step] ?? value))),
    );
  return along(along(plane, 1), widthPx);
}

/** A threat cut out with the air and the noise of the scan that it was taken from, as pasting does. */
function onNoisyAir(passed: Float32Array, variance: number, uniform: () => number): Float32Array {
  const normal = new RandomStream([Math.floor(uniform() * 1e9)]);
  return passed.map((value) =>
    Math.min(0.9999, value + normal.normal() * Math.sqrt(variance * value)),
  );
}
