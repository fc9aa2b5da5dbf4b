import type { Tensor4D } from '@tensorflow/tfjs-node-gpu';
import { comparatorsOf } from '../src-shared/ganomaly/comparator-spec';
import { toAttenuationPlanes } from '../src-shared/imaging/attenuation-planes';
import { ComparatorTraining } from '../src-lab/ganomaly/comparator-training';
import { DenoiserTraining } from '../src-lab/ganomaly/denoiser-training';
import { DEFAULT_DENOISING_SETTINGS } from '../src-lab/ganomaly/denoising-settings';
import { drawPutInBatch, putInRecipe } from '../src-lab/ganomaly/put-in-batch';
import {
  comparatorStepMultiplyAdds,
  denoiserStepMultiplyAdds,
} from '../src-lab/ganomaly/step-multiply-adds';
import type { Tensorflow } from '../src-lab/ganomaly/tensorflow-runtime';
import type { Trainee } from '../src-lab/ganomaly/trainee';
import type { AttenuationPicture } from '../src-lab/put-in/attenuation-picture';
import { median } from './median';
import { syntheticScan } from './synthetic-scan';

/** The pace of one stage of the default training. */
export interface StageBenchFigures {
  /** Drawing the crops included, as a training run sees it. */
  readonly cropsPerSecond: number;
  readonly medianStepMs: number;
  /** Of which drawing the crops, on one thread. */
  readonly medianDrawMs: number;
  readonly megaMultiplyAddsPerCrop: number;
  readonly gflops: number;
  readonly shareOfPeak: number;
}

/** The default training: a generator, then comparators, from benign crops with solids put in. */
export interface DefaultTrainingFigures {
  readonly batchSize: number;
  readonly steps: number;
  readonly denoiser: StageBenchFigures;
  readonly comparator: StageBenchFigures;
  /** From the two paces, not measured: what the default settings would take. */
  readonly extrapolatedMinutesOfDefaultRun: number;
  /** Likewise: crops of a run of this length that splits them between the stages by default. */
  readonly extrapolatedCropsIn8Hours: number;
}

const WARM_UP_STEPS = 1;
const HOURS = 8;
const SEED = 1;
/** Pictures that crops are drawn from. */
const PICTURES = 6;
/** Attenuation of black in those pictures. */
const BLACK_ATTENUATION = 4;

/**
 * Trains both stages of the default training for a few steps, on crops of synthetic pictures.
 * @param peakGflops of the machine's matrix products
 */
export function defaultTrainingBench(
  tf: Tensorflow,
  steps: number,
  peakGflops: number,
): DefaultTrainingFigures {
  const settings = DEFAULT_DENOISING_SETTINGS;
  const { architecture, batchSize } = settings;
  const comparators = comparatorsOf(architecture);
  const [comparator] = comparators;
  if (comparator === undefined) throw new RangeError('The default training has a comparator.');
  // Where comparators see x̂; making it is not timed.
  const rebuild = architecture.comparator?.seesReconstruction === true ? same : null;
  const pictures = Array.from({ length: PICTURES }, (_, seed) => pictureOf(seed));
  const time = (trainee: Trainee, stage: number, multiplyAdds: number): StageBenchFigures => {
    const timed = timeSteps(tf, trainee, pictures, stage, steps);
    const gflops = (timed.cropsPerSecond * 2 * multiplyAdds) / 1e9;
    return {
      ...timed,
      megaMultiplyAddsPerCrop: multiplyAdds / 1e6,
      gflops,
      shareOfPeak: gflops / peakGflops,
    };
  };
  const denoiser = time(
    new DenoiserTraining(tf, architecture, SEED, settings),
    0,
    denoiserStepMultiplyAdds(architecture),
  );
  const ofComparator = time(
    new ComparatorTraining(tf, comparator, SEED, rebuild),
    1,
    comparatorStepMultiplyAdds(comparator, architecture.isize),
  );
  const { generatorCrops, comparatorCrops } = settings;
  const crops = generatorCrops + comparators.length * comparatorCrops;
  const seconds =
    generatorCrops / denoiser.cropsPerSecond +
    (comparators.length * comparatorCrops) / ofComparator.cropsPerSecond;
  return {
    batchSize,
    steps,
    denoiser,
    comparator: ofComparator,
    extrapolatedMinutesOfDefaultRun: seconds / 60,
    extrapolatedCropsIn8Hours: Math.round((HOURS * 3600 * crops) / seconds),
  };
}

/** Of x̂'s form, at no cost. */
const same = (tiles: Tensor4D): Tensor4D => tiles;

function timeSteps(
  tf: Tensorflow,
  trainee: Trainee,
  pictures: readonly AttenuationPicture[],
  stage: number,
  steps: number,
): Pick<StageBenchFigures, 'cropsPerSecond' | 'medianStepMs' | 'medianDrawMs'> {
  const { batchSize, learningRate } = DEFAULT_DENOISING_SETTINGS;
  const recipe = putInRecipe(DEFAULT_DENOISING_SETTINGS, BLACK_ATTENUATION);
  const stepsMs: number[] = [];
  const drawsMs: number[] = [];
  for (let step = 1; step <= WARM_UP_STEPS + steps; step++) {
    const started = performance.now();
    const batch = drawPutInBatch(tf, pictures, recipe, { seed: SEED, stage, step, batchSize });
    const drawn = performance.now();
    // Its losses are read back, so that the step has ended when it returns.
    trainee.step(batch, learningRate);
    const ended = performance.now();
    tf.dispose([batch.input, batch.clean, batch.mask]);
    if (step <= WARM_UP_STEPS) continue;
    stepsMs.push(ended - started);
    drawsMs.push(drawn - started);
  }
  trainee.dispose();
  const totalMs = stepsMs.reduce((sum, ms) => sum + ms, 0);
  return {
    cropsPerSecond: (1000 * batchSize * steps) / totalMs,
    medianStepMs: median(stepsMs),
    medianDrawMs: median(drawsMs),
  };
}

function pictureOf(seed: number): AttenuationPicture {
  const { widthPx, heightPx, rgb } = syntheticScan(320, 240, seed);
  return { widthPx, heightPx, planes: toAttenuationPlanes(rgb) };
}
