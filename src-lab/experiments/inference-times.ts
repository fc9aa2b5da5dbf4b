import { cpus } from 'node:os';
import { z } from 'zod';
import type { Tensor4D } from '@tensorflow/tfjs-node-gpu';
import type { AnomalyMethod, MethodSettings } from '../baselines/anomaly-method';
import { quantile } from '../evaluation/ranking-metrics';
import type { Tensorflow } from '../ganomaly/tensorflow-runtime';
import { RandomStream } from '../simulator/random-stream';

/** Patches a scoring call takes. */
const PATCHES = 64;
const ROUNDS = 5;

export const inferenceTimesSchema = z.strictObject({
  formatVersion: z.literal(1),
  /** The methods' settings; the weights are random, since time does not depend on them. */
  settings: z.json(),
  processor: z.string(),
  patches: z.int(),
  rows: z.array(
    z.strictObject({
      method: z.string(),
      rounds: z.int(),
      millisecondsPerPatch: z.number(),
      /** Of processor time, over all threads: what a busy machine does not lengthen. */
      processorMillisecondsPerPatch: z.number(),
    }),
  ),
});
export type InferenceTimes = z.infer<typeof inferenceTimesSchema>;

/**
 * Scoring time of each method, all in one run: a call on 64 patches to warm up, then the median of
 * five, the methods taking turns so that what else the machine does falls on all alike. AnoGAN, at
 * 500 gradient steps a patch, is called once, cold.
 */
export async function measureInferenceTimes(
  tf: Tensorflow,
  methods: readonly AnomalyMethod[],
  settings: MethodSettings,
  signal?: AbortSignal,
): Promise<InferenceTimes> {
  const { isize, nc } = settings;
  const random = new RandomStream(['inference times']);
  const values = Float32Array.from({ length: PATCHES * isize * isize * nc }, () =>
    random.range(-1, 1),
  );
  const tiles: Tensor4D = tf.tensor4d(values, [PATCHES, isize, isize, nc]);
  const trainings = methods.map((method) => ({
    name: method.name,
    isSlow: method.name === 'anogan',
    training: method.create(tf, settings),
    milliseconds: new Array<number>(),
    processorMilliseconds: new Array<number>(),
  }));
  try {
    for (let round = 0; round <= ROUNDS; round++) {
      for (const { training, isSlow, milliseconds, processorMilliseconds } of trainings) {
        if (isSlow && round > 0) continue;
        const startMs = performance.now();
        const startCpu = process.cpuUsage();
        await training.score(tiles, signal);
        if (!isSlow && round === 0) continue;
        const { user, system } = process.cpuUsage(startCpu);
        milliseconds.push(performance.now() - startMs);
        processorMilliseconds.push((user + system) / 1000);
      }
    }
  } finally {
    for (const { training } of trainings) training.dispose();
    tiles.dispose();
  }
  return {
    formatVersion: 1,
    settings: JSON.parse(JSON.stringify(settings)) as InferenceTimes['settings'],
    processor: `${cpus()[0]?.model ?? 'unknown processor'}, ${cpus().length} threads`,
    patches: PATCHES,
    rows: trainings.map(({ name, milliseconds, processorMilliseconds }) => ({
      method: name,
      rounds: milliseconds.length,
      millisecondsPerPatch: quantile(milliseconds, 0.5) / PATCHES,
      processorMillisecondsPerPatch: quantile(processorMilliseconds, 0.5) / PATCHES,
    })),
  };
}
