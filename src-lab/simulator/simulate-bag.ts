import { PhiscanError } from '../../src-shared/domain/phiscan-error';
import { packBag, placeInside, type PackedBag, type PlacedObject } from './bags/pack-bag';
import { chain, compose, rotation, translation, type Affine } from './geometry/affine';
import { detectCounts, transmissionOf } from './physics/detect-counts';
import { DEFAULT_SCANNER, type SimulatedScanner } from './physics/scanner';
import { atBelt, Projector, type ObjectMask, type PictureGeometry } from './project-solids';
import { RandomStream } from './random-stream';
import { SIMULATOR_VERSION } from './simulator-version';
import { makeThreat, type ThreatClass, type ThreatKind } from './threats/make-threat';

export interface SimulationRequest {
  readonly seed: number;
  /** Which bag of the seed, from 0; a bag does not depend on how many are made. */
  readonly index: number;
  /** `none` for training; anything else puts one threat into the same benign bag, for testing. */
  readonly threat: ThreatKind;
  readonly scanner?: SimulatedScanner;
  /** Size of the picture; without it the picture is the bag and a margin of open beam. */
  readonly widthPx?: number;
  readonly heightPx?: number;
}

/** Where one object lies in the picture. */
export interface ObjectTruth {
  /** Class and number in the order of packing, e.g. `charger-14` or `revolver-1`. */
  readonly label: string;
  /** What it is for the trade: a threat's class, or the kind of benign thing. */
  readonly className: string;
  readonly benign: boolean;
  readonly mask: ObjectMask;
}

export interface SimulatedBag {
  readonly simulatorVersion: string;
  readonly seed: number;
  readonly index: number;
  readonly scannerName: string;
  readonly bagKind: PackedBag['body']['kind'];
  readonly widthPx: number;
  readonly heightPx: number;
  readonly pixelPitchMm: number;
  /** Detector counts, row-major; open beam at the scanner's `openBeamCounts`. */
  readonly low: Uint16Array;
  readonly high: Uint16Array;
  readonly masks: readonly ObjectTruth[];
  readonly threatClass: ThreatClass | null;
}

interface Scene {
  readonly bag: PackedBag;
  /** From the bag's coordinates to the world's. */
  readonly pose: Affine;
}

/** Gap between bags that follow each other on the belt, mm. */
const BAG_GAP_MM = 60;

/**
 * Simulates one dual-energy scan of one packed bag. The same request gives the same pixels. With a
 * threat the benign bag, its pose, the picture's frame and the noise stay what they are without.
 * A picture that is wider than the bag shows the bags that follow on the belt.
 * @throws PhiscanError `arguments-invalid` for a seed, index or size that is not a whole number in range
 */
export function simulateBag(request: SimulationRequest): SimulatedBag {
  checkRequest(request);
  const scanner = request.scanner ?? DEFAULT_SCANNER;
  const random = new RandomStream([
    'phiscan-simulator',
    SIMULATOR_VERSION,
    request.seed,
    request.index,
  ]);
  const scenes = layScenes(random, scanner, request.widthPx ?? null);
  const geometry = frame(scenes, scanner, random.substream('frame'), request);
  const projector = new Projector(geometry, scanner.beam.binsKev);
  const masks: ObjectTruth[] = [];
  const counts = new Map<string, number>();
  const project = (
    object: PlacedObject,
    scene: Scene,
    className: string,
    benign: boolean,
  ): void => {
    const mask = projector.project(object.model, compose(scene.pose, object.pose));
    if (mask === null) return;
    const number = (counts.get(object.model.className) ?? 0) + 1;
    counts.set(object.model.className, number);
    const label = `${object.model.className.replaceAll(' ', '-')}-${String(number)}`;
    masks.push({ label, className, benign, mask });
  };
  for (const scene of scenes) {
    for (const object of scene.bag.objects) project(object, scene, object.model.className, true);
  }
  const threatClass = addThreat(request, random, scenes[0], project);
  const transmission = transmissionOf(projector.planes, scanner);
  const noiseSeed = random.substream('noise').nameHash();
  const { widthPx, heightPx } = geometry;
  return {
    simulatorVersion: SIMULATOR_VERSION,
    seed: request.seed,
    index: request.index,
    scannerName: scanner.name,
    bagKind: scenes[0]?.bag.body.kind ?? 'soft bag',
    widthPx,
    heightPx,
    pixelPitchMm: scanner.pixelPitchMm,
    ...detectCounts(transmission, widthPx, heightPx, scanner, noiseSeed),
    masks,
    threatClass,
  };
}

function addThreat(
  request: SimulationRequest,
  random: RandomStream,
  scene: Scene | undefined,
  project: (object: PlacedObject, scene: Scene, className: string, benign: boolean) => void,
): ThreatClass | null {
  if (request.threat === 'none' || scene === undefined) return null;
  // The kind asked for is part of the stream's name: a gun does not foretell the knife.
  const own = random.substream('threat', request.threat);
  const threat = makeThreat(request.threat, own);
  const pose = placeInside(scene.bag, threat.model, own, { share: 0.9, tries: 2, flatShare: 0.5 });
  project({ model: threat.model, pose }, scene, threat.className, false);
  return threat.className;
}

/** The bag on the belt, and others behind it as long as the picture has room. */
function layScenes(
  random: RandomStream,
  scanner: SimulatedScanner,
  widthPx: number | null,
): readonly Scene[] {
  const scenes: Scene[] = [];
  let end = 0;
  do {
    const own = scenes.length === 0 ? random : random.substream('following bag', scenes.length);
    const bag = packBag(own.substream('bag'));
    const lay = own.substream('pose');
    const isSquare = lay.chance(0.45);
    const quarter = lay.integer(0, 3) * (Math.PI / 2);
    const yaw = isSquare ? quarter + lay.range(-0.12, 0.12) : lay.range(0, 2 * Math.PI);
    const turn = chain(
      rotation('z', yaw),
      rotation('x', lay.chance(0.5) ? Math.PI : 0),
      rotation('x', lay.range(-0.05, 0.05)),
      rotation('y', lay.range(-0.05, 0.05)),
    );
    const [low, high] = extentOf(bag, turn);
    const start = scenes.length === 0 ? 0 : end + BAG_GAP_MM;
    const pose = compose(
      translation(start - low[0], -(low[1] + high[1]) / 2, Math.max(2, 2 - low[2])),
      turn,
    );
    scenes.push({ bag, pose });
    end = start + high[0] - low[0];
  } while (widthPx !== null && end + BAG_GAP_MM < widthPx * scanner.pixelPitchMm * 0.97);
  return scenes;
}

function extentOf(
  bag: PackedBag,
  turn: Affine,
): readonly [[number, number, number], [number, number, number]] {
  const low: [number, number, number] = [Infinity, Infinity, Infinity];
  const high: [number, number, number] = [-Infinity, -Infinity, -Infinity];
  for (const model of bag.body.models) {
    const [modelLow, modelHigh] = model.bounds(turn);
    for (const axis of [0, 1, 2] as const) {
      low[axis] = Math.min(low[axis], modelLow[axis]);
      high[axis] = Math.max(high[axis], modelHigh[axis]);
    }
  }
  return [low, high];
}

/** Frames the bags with a margin of open beam; the fan's middle stays over the bag. */
function frame(
  scenes: readonly Scene[],
  scanner: SimulatedScanner,
  random: RandomStream,
  request: SimulationRequest,
): PictureGeometry {
  const pitch = scanner.pixelPitchMm;
  const base = {
    pixelPitchMm: pitch,
    sourceY: scanner.sourceOffsetMm,
    sourceToBeltMm: scanner.sourceToBeltMm,
  };
  const probe = { ...base, widthPx: 0, heightPx: 0, firstX: 0, stepX: pitch, firstY: 0 };
  let [minX, maxX, minY, maxY] = [Infinity, -Infinity, Infinity, -Infinity];
  for (const scene of scenes) {
    for (const model of scene.bag.body.models) {
      const [low, high] = model.bounds(scene.pose);
      minX = Math.min(minX, low[0]);
      maxX = Math.max(maxX, high[0]);
      for (const z of [low[2], high[2]]) {
        minY = Math.min(minY, atBelt(probe, low[1], z));
        maxY = Math.max(maxY, atBelt(probe, high[1], z));
      }
    }
  }
  const margin = (): number => random.integer(...scanner.marginPx) * pitch;
  const [left, right, top, bottom] = [margin(), margin(), margin(), margin()];
  const widthPx = request.widthPx ?? Math.ceil((maxX - minX + left + right) / pitch);
  const heightPx = request.heightPx ?? Math.ceil((maxY - minY + top + bottom) / pitch);
  const spareY = heightPx * pitch - (maxY - minY);
  const startX = minX - left;
  const isForward = scanner.beltDirection === 1;
  return {
    ...base,
    widthPx,
    heightPx,
    firstX: isForward ? startX + pitch / 2 : startX + (widthPx - 0.5) * pitch,
    stepX: isForward ? pitch : -pitch,
    firstY: minY - spareY * (top / (top + bottom)) + pitch / 2,
  };
}

function checkRequest({ seed, index, widthPx, heightPx }: SimulationRequest): void {
  const check = (name: string, value: number, least: number, most: number): void => {
    if (Number.isInteger(value) && value >= least && value <= most) return;
    throw new PhiscanError(
      'arguments-invalid',
      `The simulator's ${name} must be a whole number from ${String(least)} to ${String(most)}, but is ${String(value)}.`,
    );
  };
  check('seed', seed, 0, Number.MAX_SAFE_INTEGER);
  check('bag index', index, 0, Number.MAX_SAFE_INTEGER);
  if (widthPx !== undefined) check('picture width', widthPx, 64, 8192);
  if (heightPx !== undefined) check('picture height', heightPx, 64, 8192);
}
