import { setImmediate as nextTurn } from 'node:timers/promises';
import { PhiscanError } from '../../src-shared/domain/phiscan-error';
import { shuffle } from '../datasets/shuffle';
import { RandomStream } from '../simulator/random-stream';
import { SIMULATOR_VERSION } from '../simulator/simulator-version';
import type { ThreatClass } from '../simulator/threats/make-threat';
import { benignCrops, FFOB_SIDE_PX, threatCrops } from './ffob-crops';
import { pickPictures, pictureSet, type PictureSet } from './picture-set';
import type { ProtocolSets } from './protocol-sets';
import { simulatePicture } from './simulated-picture';
import { UBA_SIDE_PX, ubaPatches } from './uba-patches';

/**
 * Seeds of the simulated bags, each used for nothing else: not for training or choosing a shipped
 * model, nor for its evaluation.
 */
export const SIMULATION_SEEDS = {
  ubaTrain: 201,
  ubaTest: { gun: 202, 'gun-part': 203, knife: 204 },
  ffobTrain: 211,
  ffobTest: 212,
} as const;

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
  sizes: SimulationSizes,
  watch: Watch,
): Promise<ProtocolSets> {
  const { trainBags, testBags } = sizes;
  const bags = new BagCount(trainBags + classes.length * testBags, watch);
  const train: Uint8Array[] = [];
  for (let index = 0; index < trainBags; index++) {
    train.push(...ubaPatches(simulatePicture(SIMULATION_SEEDS.ubaTrain, index, 'none')).normal);
    await bags.next();
  }
  const testNormal: Uint8Array[] = [];
  const testAbnormal = new Map<string, PictureSet>();
  let leftOut = 0;
  for (const className of classes) {
    const abnormal: Uint8Array[] = [];
    for (let index = 0; index < testBags; index++) {
      const bag = simulatePicture(SIMULATION_SEEDS.ubaTest[className], index, className);
      const patches = ubaPatches(bag);
      testNormal.push(...patches.normal);
      abnormal.push(...patches.abnormal);
      leftOut += patches.leftOut;
      await bags.next();
    }
    testAbnormal.set(className, setOf(UBA_SIDE_PX, abnormal, className));
  }
  const abnormal = [...testAbnormal].map(([name, { count }]) => `${count} ${name}`).join(', ');
  return {
    train: setOf(UBA_SIDE_PX, train, 'benign'),
    testNormal: setOf(UBA_SIDE_PX, testNormal, 'benign test'),
    testAbnormal,
    description:
      `simulator ${SIMULATOR_VERSION}: ${train.length} patches of ${trainBags} benign bags (seed ` +
      `${SIMULATION_SEEDS.ubaTrain}) to train on; ${testBags} bags for each class (seeds ` +
      `${classes.map((name) => `${name} ${SIMULATION_SEEDS.ubaTest[name]}`).join(', ')}) to test ` +
      `on: ${testNormal.length} patches without threat, ${abnormal}; ${leftOut} with less threat ` +
      'than 20 % left out',
    sourcePictures: null,
  };
}

/**
 * FFOB on simulated scans: whole-object crops scaled to 64×64. Abnormal: about the guns of bags;
 * normal: about things and regions of like size in the same bags without the gun; to train on, in
 * other benign bags.
 * @throws PhiscanError `cancelled`
 */
export async function openFfob(sizes: SimulationSizes, watch: Watch): Promise<ProtocolSets> {
  const { trainBags, testBags } = sizes;
  const { ffobTrain, ffobTest } = SIMULATION_SEEDS;
  const bags = new BagCount(trainBags + 2 * testBags, watch);
  const benign = async (seed: number, count: number): Promise<Uint8Array[]> => {
    const crops: Uint8Array[] = [];
    for (let index = 0; index < count; index++) {
      const random = new RandomStream([seed, 'benign regions', index]);
      crops.push(...benignCrops(simulatePicture(seed, index, 'none'), random));
      await bags.next();
    }
    return crops;
  };
  const train = await benign(ffobTrain, trainBags);
  const testNormal = await benign(ffobTest, testBags);
  const abnormal: Uint8Array[] = [];
  for (let index = 0; index < testBags; index++) {
    abnormal.push(...threatCrops(simulatePicture(ffobTest, index, 'gun')));
    await bags.next();
  }
  return {
    train: setOf(FFOB_SIDE_PX, train, 'benign'),
    testNormal: setOf(FFOB_SIDE_PX, testNormal, 'benign test'),
    testAbnormal: new Map([['full-weapon', setOf(FFOB_SIDE_PX, abnormal, 'full weapon')]]),
    description:
      `simulator ${SIMULATOR_VERSION}: ${train.length} crops of ${trainBags} benign bags (seed ` +
      `${ffobTrain}) to train on; ${testBags} bags (seed ${ffobTest}) to test on: ` +
      `${abnormal.length} crops about the gun, ${testNormal.length} of the same bags without it`,
    sourcePictures: null,
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

function setOf(sidePx: number, pictures: readonly Uint8Array[], what: string): PictureSet {
  if (pictures.length > 0) return pictureSet(sidePx, 3, pictures);
  throw new PhiscanError(
    'arguments-invalid',
    `The simulated bags gave no ${what} pictures. Simulate more with --train-bags and --test-bags.`,
  );
}

/** Tells of each bag, and lets an interrupt be heard between two. */
class BagCount {
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
