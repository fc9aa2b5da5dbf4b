import { loadavg } from 'node:os';
import type { Tensor4D } from '@tensorflow/tfjs-node-gpu';
import { GanomalyTraining } from '../src-lab/ganomaly/ganomaly-training';
import { stepMultiplyAdds } from '../src-lab/ganomaly/step-multiply-adds';
import type { Tensorflow } from '../src-lab/ganomaly/tensorflow-runtime';
import { requireTensorflow } from '../src-lab/ganomaly/tensorflow-runtime';
import { DEFAULT_TRAINING_SETTINGS } from '../src-lab/ganomaly/training-settings';
import { isUsingGpu } from '../src-main/engine/tensorflow/load-tensorflow';
import { median } from './median';
import type { DefaultTrainingFigures } from './stage-bench';
import { defaultTrainingBench } from './stage-bench';

export interface TrainingBenchOptions {
  readonly ngf: number;
  readonly batchSize: number;
  readonly steps: number;
}

export interface TrainingBenchFigures extends TrainingBenchOptions {
  /** Over all steps, as a training run sees it. */
  readonly patchesPerSecond: number;
  /** By the fastest step: the difference is what else the machine was doing. */
  readonly bestPatchesPerSecond: number;
  readonly medianStepMs: number;
  /** Floating-point operations of the step's convolutions (2 a multiply-add) over its time. */
  readonly gflops: number;
  /** Of the best square matrix product of this run, by the same library on the same threads. */
  readonly matmulPeakGflops: number;
  readonly shareOfPeak: number;
  readonly device: 'cpu' | 'gpu';
  /** The machine's load (1 minute) when the run began: figures of a busy machine are low. */
  readonly loadAverage: number;
  readonly peakMemoryBytes: number;
  /** What `phiscan train` does by default; the figures above are of plain GANomaly. */
  readonly defaultTraining: DefaultTrainingFigures;
  /** From the pace, not measured: patches of plain GANomaly in a run of this length. */
  readonly extrapolatedPatchesIn8Hours: number;
}

const WARM_UP_STEPS = 3;
const MATRIX_SIDE = 2048;
const MATRIX_REPEATS = 4;
/** Of each stage of the default training. */
const STAGE_STEPS = 8;
const HOURS = 8;

/**
 * Trains plain GANomaly on random patches of 64×64 RGB, then both stages of the default training
 * on crops with solids, and measures the pace, with matrix products before, among
 * and after the steps, so that both see the same machine.
 * @throws PhiscanError `training-impossible` without TensorFlow's native library.
 */
export async function trainingBench(
  options: Partial<TrainingBenchOptions> = {},
): Promise<TrainingBenchFigures> {
  const { ngf = 32, batchSize = 64, steps = 20 } = options;
  const tf = requireTensorflow();
  const [loadAverage = NaN] = loadavg();
  const architecture = { ...DEFAULT_TRAINING_SETTINGS.architecture, ngf };
  const training = new GanomalyTraining(tf, architecture, 1, DEFAULT_TRAINING_SETTINGS);
  const side = architecture.isize;
  const shape: Tensor4D['shape'] = [batchSize, side, side, architecture.nc];
  const x: Tensor4D = tf.randomUniform(shape, -1, 1, 'float32', 1);
  for (let i = 0; i < WARM_UP_STEPS; i++) training.step(x);

  let matmulPeakGflops = await bestMatrixProduct(tf);
  const stepsMs: number[] = [];
  for (let i = 0; i < steps; i++) {
    const started = performance.now();
    // Its losses are read back, so that the step has ended when it returns.
    training.step(x);
    stepsMs.push(performance.now() - started);
    if (i === steps >> 1) {
      matmulPeakGflops = Math.max(matmulPeakGflops, await bestMatrixProduct(tf));
    }
  }
  matmulPeakGflops = Math.max(matmulPeakGflops, await bestMatrixProduct(tf));
  training.dispose();
  x.dispose();

  const defaultTraining = defaultTrainingBench(tf, STAGE_STEPS, matmulPeakGflops);

  const totalMs = stepsMs.reduce((sum, ms) => sum + ms, 0);
  const patchesPerSecond = (1000 * batchSize * steps) / totalMs;
  const gflops = (patchesPerSecond * 2 * stepMultiplyAdds(architecture)) / 1e9;
  return {
    ngf,
    batchSize,
    steps,
    patchesPerSecond,
    bestPatchesPerSecond: (1000 * batchSize) / Math.min(...stepsMs),
    medianStepMs: median(stepsMs),
    gflops,
    matmulPeakGflops,
    shareOfPeak: gflops / matmulPeakGflops,
    device: isUsingGpu(tf) ? 'gpu' : 'cpu',
    loadAverage,
    peakMemoryBytes: process.resourceUsage().maxRSS * 1024,
    defaultTraining,
    extrapolatedPatchesIn8Hours: Math.round(patchesPerSecond * 3600 * HOURS),
  };
}

/** GFLOP/s of the fastest of a few float32 matrix products. */
async function bestMatrixProduct(tf: Tensorflow): Promise<number> {
  const a = tf.randomUniform([MATRIX_SIDE, MATRIX_SIDE]);
  const b = tf.randomUniform([MATRIX_SIDE, MATRIX_SIDE]);
  let bestMs = Infinity;
  for (let i = 0; i < MATRIX_REPEATS; i++) {
    const started = performance.now();
    const product = tf.matMul(a, b);
    const corner = product.slice([0, 0], [1, 1]);
    await corner.data();
    corner.dispose();
    bestMs = Math.min(bestMs, performance.now() - started);
    product.dispose();
  }
  tf.dispose([a, b]);
  return (2 * MATRIX_SIDE ** 3) / bestMs / 1e6;
}
