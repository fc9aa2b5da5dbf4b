import { RandomStream } from '../simulator/random-stream';
import type { ThreatClass } from '../simulator/threats/make-threat';
import { benignSquares, threatSquares } from './ffob-squares';
import { simulatePicture, type SimulatedPicture } from './simulated-picture';
import { ubaPatches, type LabelledSquares } from './uba-patches';

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

/** FFOB's one class. */
export const FULL_WEAPON = 'full-weapon';

/** A scan of a protocol's test, with the squares of it that are scored. */
export interface TestScan {
  readonly simulated: SimulatedPicture;
  /** Class of its abnormal squares. */
  readonly className: string;
  readonly squares: LabelledSquares;
}

/** The scans of UBA's test: bags with a threat of each class, whose other patches are normal. */
export function* ubaTestScans(classes: readonly ThreatClass[], bags: number): Generator<TestScan> {
  for (const className of classes) {
    for (let index = 0; index < bags; index++) {
      const simulated = simulatePicture(SIMULATION_SEEDS.ubaTest[className], index, className);
      yield { simulated, className, squares: ubaPatches(simulated) };
    }
  }
}

/** The scans of FFOB's test: every bag without a gun, then with one and the same otherwise. */
export function* ffobTestScans(bags: number): Generator<TestScan> {
  const seed = SIMULATION_SEEDS.ffobTest;
  for (let index = 0; index < bags; index++) {
    const without = simulatePicture(seed, index, 'none');
    const normal = ffobBenignSquares(without, seed, index);
    const squares = { normal, abnormal: [], leftOut: 0 };
    yield { simulated: without, className: FULL_WEAPON, squares };
    const withGun = simulatePicture(seed, index, 'gun');
    const abnormal = threatSquares(withGun);
    yield {
      simulated: withGun,
      className: FULL_WEAPON,
      squares: { normal: [], abnormal, leftOut: 0 },
    };
  }
}

/** The normal squares of a bag of FFOB, in training and in the test. */
export function ffobBenignSquares(
  simulated: SimulatedPicture,
  seed: number,
  index: number,
): LabelledSquares['normal'] {
  return benignSquares(simulated, new RandomStream([seed, 'benign regions', index]));
}

/** Whether a class of UBA is named. */
export function isThreatClass(name: string): name is ThreatClass {
  return name === 'gun' || name === 'gun-part' || name === 'knife';
}
