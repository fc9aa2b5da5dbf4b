import type { BagChannels } from '../../src-shared/tip/beam-hardening';
import { hardenedThreat } from '../../src-shared/tip/beam-hardening';
import type { CastThreat } from '../../src-shared/tip/cast-threat';
import { castThreat } from '../../src-shared/tip/cast-threat';
import type { ThreatProjection } from '../../src-shared/tip/threat-projection';
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
import type { ObjectMask, PictureGeometry } from '../simulator/project-solids';
import { atBelt, Projector } from '../simulator/project-solids';
import { RandomStream } from '../simulator/random-stream';
import { makeThreat } from '../simulator/threats/make-threat';
import { STARTER_PITCH_MM } from './starter-threat';

/** One threat in one place of one bag: really in the beam, and projected into the scan of the bag without it. */
export interface ScanPair {
  readonly widthPx: number;
  readonly heightPx: number;
  /** Counts of the open beam. */
  readonly open: number;
  readonly scanned: CountPlanes;
  readonly projected: CountPlanes;
  /** Share of the low channel that the threat alone lets pass, the size of the scans. */
  readonly passed: Float32Array;
  /** The bag without the threat; its noise is that of `projected` before the threat was put in. */
  readonly bag: CountPlanes;
}

const MARGIN_MM = 20;
/** Air around a threat in what stands for a library's projection of it. */
const AIR_PX = 3;

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
  const placed = compose(raise, pose);
  const mask = whole.project(model, placed);
  if (mask === null) throw new RangeError(`The threat of pair ${index} lies outside of its bag.`);
  const alone = new Projector(geometry, scanner.beam.binsKev);
  alone.project(model, placed);

  const noise = (name: string): number => random.substream('noise', name).nameHash();
  const detect = (passed: TransmissionPlanes, seedOf: number): CountPlanes =>
    detectCounts(passed, widthPx, heightPx, scanner, seedOf);
  const clean = detect(without, noise('projected'));
  const view = { geometry, binsKev: scanner.beam.binsKev, model, pose: placed, mask };
  const cast = castAlike(geometry, clean, onAir(view, scanner), flaw);
  return {
    widthPx,
    heightPx,
    open: scanner.openBeamCounts,
    passed: blurred(transmissionOf(alone.planes, scanner).low, widthPx, scanner.blurSigmaPx),
    scanned: detect(transmissionOf(whole.planes, scanner), noise('scanned')),
    projected: projectedScan({
      clean,
      cast,
      widthPx,
      flaw,
      seed: noise('composite'),
    }),
    bag: clean,
  };
}

interface PlacedThreat {
  readonly geometry: PictureGeometry;
  readonly binsKev: readonly number[];
  readonly model: SolidModel;
  readonly pose: Affine;
  readonly mask: ObjectMask;
}

const bagOf = ({ low, high }: CountPlanes, widthPx: number): BagChannels => {
  const open = DEFAULT_SCANNER.openBeamCounts;
  return { low, high, openLow: open, openHigh: open, widthPx };
};

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

/**
 * What a library would hold of the threat had it been scanned on air in this very place, finer than
 * the scanner sees: what is compared is how it is put into the bag, not how the fan magnifies.
 */
function onAir(
  { geometry, binsKev, model, pose, mask }: PlacedThreat,
  scanner: SimulatedScanner,
): { readonly threat: ThreatProjection; readonly centreX: number; readonly centreY: number } {
  const { pixelPitchMm } = geometry;
  const widthPx = Math.ceil(((mask.width + 2 * AIR_PX) * pixelPitchMm) / STARTER_PITCH_MM);
  const heightPx = Math.ceil(((mask.height + 2 * AIR_PX) * pixelPitchMm) / STARTER_PITCH_MM);
  const firstX = geometry.firstX + (mask.x - AIR_PX) * pixelPitchMm;
  const firstY = geometry.firstY + (mask.y - AIR_PX) * pixelPitchMm;
  const projector = new Projector(
    {
      ...{ ...geometry, widthPx, heightPx, firstX, firstY },
      ...{ pixelPitchMm: STARTER_PITCH_MM, stepX: STARTER_PITCH_MM },
    },
    binsKev,
  );
  projector.project(model, pose);
  const passed = transmissionOf(projector.planes, scanner);
  const attenuation = (values: Float32Array): Float32Array =>
    values.map((value) => -Math.log(Math.max(value, 1e-7)));
  const middle = (first: number, from: number, count: number): number =>
    (first + ((count - 1) / 2) * STARTER_PITCH_MM - from) / pixelPitchMm;
  return {
    threat: {
      ...{ widthPx, heightPx, pixelPitchMm: STARTER_PITCH_MM, blurSigmaPx: 0 },
      low: attenuation(passed.low),
      high: attenuation(passed.high),
    },
    centreX: middle(firstX, geometry.firstX, widthPx),
    centreY: middle(firstY, geometry.firstY, heightPx),
  };
}

function castAlike(
  { widthPx, heightPx, pixelPitchMm }: PictureGeometry,
  clean: CountPlanes,
  { threat, centreX, centreY }: ReturnType<typeof onAir>,
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
  const pose = { angle: 0, mirrored: false, centreX, centreY };
  const hardened = hardenedThreat(threat, pose, pixelPitchMm, bagOf(clean, widthPx));
  return castThreat(hardened, pose, {
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
}): CountPlanes {
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
  return { low: channel('low'), high: channel('high') };
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
