import { setImmediate as nextTurn } from 'node:timers/promises';
import { PhiscanError } from '../../src-shared/domain/phiscan-error';
import { shuffle } from '../datasets/shuffle';
import { RandomStream } from '../simulator/random-stream';
import { SIMULATOR_VERSION } from '../simulator/simulator-version';
import type { ThreatClass } from '../simulator/threats/make-threat';
import { pickPictures, pictureSet, type PictureSet } from './picture-set';
import type { ProtocolSets } from './protocol-sets';
import { simulatePicture } from './simulated-picture';
import { cropSquare, PATCH_SIDE_PX } from './square';
import {
  ffobBenignSquares,
  ffobTestScans,
  FULL_WEAPON,
  SIMULATION_SEEDS,
  ubaTestScans,
  type TestScan,
} from './test-scans';
import { ubaPatches } from './uba-patches';

export interface SimulationSizes {
  readonly trainBags: number;
  readonly testBags: number;
}

export interface Watch {
  readonly onProgress?: (bagsDone: number, bagsTotal: number) => void;
  readonly signal?: AbortSignal;
}

/**
 * UBA on simulated scans: 64×64 patches of benign bags to train on; patches of other bags, with a
 * threat in each, to test on.
 * @throws PhiscanError `cancelled`, `arguments-invalid` when a class gives no patch
 */
export async function openUba(
  classes: readonly ThreatClass[],
  { trainBags, testBags }: SimulationSizes,
  watch: Watch,
): Promise<ProtocolSets> {
  const seed = SIMULATION_SEEDS.ubaTrain;
  const count = new BagCount(trainBags + classes.length * testBags, watch);
  const train: Uint8Array[] = [];
  for (let index = 0; index < trainBags; index++) {
    const simulated = simulatePicture(seed, index, 'none');
    const { normal } = ubaPatches(simulated);
    train.push(...normal.map((square) => cropSquare(simulated.picture, square)));
    await count.next();
  }
  const test = await cropTest(ubaTestScans(classes, testBags), classes, count);
  const abnormal = [...test.testAbnormal].map(([name, set]) => `${set.count} ${name}`);
  return {
    ...test,
    train: setOf(train, 'benign'),
    description:
      `simulator ${SIMULATOR_VERSION}: ${train.length} patches of ${trainBags} benign bags (seed ` +
      `${seed}) to train on; ${testBags} bags for each class (seeds ` +
      `${classes.map((name) => `${name} ${SIMULATION_SEEDS.ubaTest[name]}`).join(', ')}) to test ` +
      `on: ${test.testNormal.count} patches without threat, ${abnormal.join(', ')}; ` +
      `${test.leftOut} with less threat than 20 % left out`,
    sourcePictures: null,
  };
}

/**
 * FFOB on simulated scans: whole-object crops scaled to 64×64. Abnormal: about the guns of bags;
 * normal: about things and regions of like size in the same bags without the gun; to train on, in
 * other benign bags.
 * @throws PhiscanError `cancelled`
 */
export async function openFfob(
  { trainBags, testBags }: SimulationSizes,
  watch: Watch,
): Promise<ProtocolSets> {
  const { ffobTrain: seed, ffobTest } = SIMULATION_SEEDS;
  const count = new BagCount(trainBags + 2 * testBags, watch);
  const train: Uint8Array[] = [];
  for (let index = 0; index < trainBags; index++) {
    const simulated = simulatePicture(seed, index, 'none');
    const squares = ffobBenignSquares(simulated, seed, index);
    train.push(...squares.map((square) => cropSquare(simulated.picture, square)));
    await count.next();
  }
  const test = await cropTest(ffobTestScans(testBags), [FULL_WEAPON], count);
  return {
    ...test,
    train: setOf(train, 'benign'),
    description:
      `simulator ${SIMULATOR_VERSION}: ${train.length} crops of ${trainBags} benign bags (seed ` +
      `${seed}) to train on; ${testBags} bags (seed ${ffobTest}) to test on: ` +
      `${test.testAbnormal.get(FULL_WEAPON)?.count ?? 0} crops about the gun, ` +
      `${test.testNormal.count} of the same bags without it`,
    sourcePictures: null,
  };
}

/** The patches of a test's scans. */
async function cropTest(
  scans: Iterable<TestScan>,
  classes: readonly string[],
  count: BagCount,
): Promise<Pick<ProtocolSets, 'testNormal' | 'testAbnormal'> & { leftOut: number }> {
  const testNormal: Uint8Array[] = [];
  const abnormal = new Map(classes.map((name) => [name, new Array<Uint8Array>()]));
  let leftOut = 0;
  for (const { simulated, className, squares } of scans) {
    const cut = cropSquare.bind(null, simulated.picture);
    testNormal.push(...squares.normal.map(cut));
    abnormal.get(className)?.push(...squares.abnormal.map(cut));
    leftOut += squares.leftOut;
    await count.next();
  }
  return {
    testNormal: setOf(testNormal, 'benign test'),
    testAbnormal: new Map([...abnormal].map(([name, patches]) => [name, setOf(patches, name)])),
    leftOut,
  };
}

/** As many of each list as wanted, in an order drawn from the seed. */
export function drawSets(
  sets: ProtocolSets,
  {
    seed,
    trainPictures,
    testPictures,
  }: {
    readonly seed: number;
    readonly trainPictures: number;
    readonly testPictures: number;
  },
): ProtocolSets {
  const draw = (set: PictureSet, name: string, most: number): PictureSet => {
    const order = Uint32Array.from({ length: set.count }, (_, index) => index);
    shuffle(order, new RandomStream([seed, 'draw', name]));
    return pickPictures(set, order.subarray(0, most));
  };
  return {
    train: draw(sets.train, 'train', trainPictures),
    testNormal: draw(sets.testNormal, 'normal', testPictures),
    testAbnormal: new Map(
      [...sets.testAbnormal].map(([name, set]) => [name, draw(set, name, testPictures)]),
    ),
    description: sets.description,
    sourcePictures: sets.sourcePictures,
  };
}

function setOf(pictures: readonly Uint8Array[], what: string): PictureSet {
  if (pictures.length > 0) return pictureSet(PATCH_SIDE_PX, 3, pictures);
  throw new PhiscanError(
    'arguments-invalid',
    `The simulated bags gave no ${what} pictures. Simulate more with --train-bags and --test-bags.`,
  );
}

/** Tells of each bag, and lets an interrupt be heard between two. */
export class BagCount {
  private done = 0;

  constructor(
    private readonly total: number,
    private readonly watch: Watch,
  ) {}

  async next(): Promise<void> {
    this.done += 1;
    this.watch.onProgress?.(this.done, this.total);
    await nextTurn();
    if (this.watch.signal?.aborted === true) {
      throw new PhiscanError('cancelled', 'Simulating the bags of the experiment was stopped.');
    }
  }
}
