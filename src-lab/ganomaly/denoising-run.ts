import path from 'node:path';
import { appendFile } from 'node:fs/promises';
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Tensor4D } from '@tensorflow/tfjs-node-gpu';
import { z } from 'zod';
import type { TilingScale } from '../../src-shared/domain/model-bundle';
import { PhiscanError } from '../../src-shared/domain/phiscan-error';
import { comparatorsOf } from '../../src-shared/ganomaly/comparator-spec';
import { foldedNetwork } from '../../src-shared/ganomaly/folded-network';
import { ganomalySpec } from '../../src-shared/ganomaly/network-spec';
import type { WeightArray, WeightSet } from '../../src-shared/ganomaly/weights';
import { applyFoldedLayer } from '../../src-main/engine/tensorflow/apply-folded-layer';
import { placeLayer, placeModel } from '../../src-main/engine/tensorflow/tensorflow-engine';
import type { PutInRecipe } from '../put-in/put-in-crops';
import { drawCrop } from '../put-in/put-in-crops';
import type { PutInFigures } from '../put-in/put-in-measure';
import { measurePutIn } from '../put-in/put-in-measure';
import type { PutInPictures } from '../put-in/put-in-pictures';
import { RandomStream } from '../simulator/random-stream';
import { AveragedWeights } from './averaged-weights';
import { ComparatorTraining } from './comparator-training';
import { DenoiserTraining } from './denoiser-training';
import type { DenoisingSettings } from './denoising-settings';
import { annealedRate } from './learning-rate';
import type { Tensorflow } from './tensorflow-runtime';
import type { PutInBatch, Trainee } from './trainee';
import { CHECKPOINT_FILE, readCheckpoint, writeCheckpoint } from './training-checkpoint';
import { METRICS_FILE, truncateMetrics } from './training-metrics';

export interface DenoisingRun {
  readonly settings: DenoisingSettings;
  readonly scales: readonly TilingScale[];
  readonly training: PutInPictures;
  /** Benign bags that are never trained on: what is chosen by. */
  readonly heldOut: PutInPictures;
  /** Takes `checkpoint.bin` and `metrics.jsonl`; must exist. */
  readonly directory: string;
  readonly resume: boolean;
  readonly checkpointMinutes: number;
  readonly onProgress?: (progress: DenoisingProgress) => void;
  /** After each comparator: the networks so far are a whole model of fewer members. */
  readonly onMember?: (member: TrainedMember) => Promise<void>;
  /** Ends the run after the step in flight, with a checkpoint. */
  readonly signal?: AbortSignal;
}

export interface DenoisingProgress {
  /** `generator`, `comparator 1 of 4` and so on. */
  readonly stage: string;
  /** Over all stages. */
  readonly step: number;
  readonly steps: number;
  readonly losses: Readonly<Record<string, number>>;
  readonly cropsPerSecond: number;
  readonly secondsLeft: number;
}

export interface TrainedMember {
  /** Members trained so far. */
  readonly members: number;
  readonly weights: WeightSet;
  /** Trained so far, the generator's among them. */
  readonly steps: number;
  /** Of all members so far together, on the held-out bags. */
  readonly figures: PutInFigures;
}

export interface DenoisedNetworks {
  readonly end: 'finished' | 'interrupted';
  readonly weights: WeightSet;
  readonly members: readonly MemberFigures[];
  readonly steps: number;
  readonly trainingSeconds: number;
  readonly recoveries: number;
}

const memberFiguresSchema = z.strictObject({
  members: z.int(),
  foundAtFar: z.strictObject({ '0.05': z.number(), '0.10': z.number(), '0.20': z.number() }),
  bagAuroc: z.number(),
  benignHighest: z.array(z.number()),
});
type MemberFigures = z.infer<typeof memberFiguresSchema>;

const positionSchema = z.strictObject({
  stage: z.int().min(0),
  step: z.int().min(0),
  members: z.array(memberFiguresSchema),
  recoveries: z.int().min(0),
  rateScale: z.number().positive(),
  trainingSeconds: z.number().min(0),
  settings: z.string(),
});

const STEPS_PER_LINE = 25;
const STEPS_PER_AVERAGE = 8;
/** Steps between copies in memory that a run falls back to when it diverges. */
const STEPS_PER_COPY = 200;
const MAX_RECOVERIES = 3;
/** Steps for which one block of pictures is drawn from, where there are several. */
const STEPS_PER_BLOCK = 100;
/** Seed of the solids that the held-out bags are measured with: none of them is trained on. */
const MEASURE_SEED = 90_210;
const SOLIDS_PER_BAG = 2;

/**
 * Trains the denoising generator and then one comparator after the other, each to the end of its
 * own annealed rate, so that a longer training adds members instead of making one surer.
 * A run resumed from a checkpoint gives the same numbers as one that was never interrupted.
 * @throws PhiscanError `training-diverged` when it does so again after every recovery,
 * `arguments-invalid` when the checkpoint belongs to other settings or scans.
 */
export function runDenoising(tf: Tensorflow, run: DenoisingRun): Promise<DenoisedNetworks> {
  return new DenoisingLoop(tf, run).run();
}

interface Stage {
  readonly name: string;
  readonly steps: number;
  readonly rate: number;
  create(): Trainee;
}

class DenoisingLoop {
  private readonly stages: readonly Stage[];
  private readonly recipe: PutInRecipe;
  private readonly settingsJson: string;
  private readonly finished = new Map<string, WeightArray>();
  private members: MemberFigures[] = [];
  private recoveries = 0;
  private rateScale = 1;
  private trainingSeconds = 0;
  private stepsBefore = 0;
  private secondsAtCheckpoint = 0;

  constructor(
    private readonly tf: Tensorflow,
    private readonly options: DenoisingRun,
  ) {
    const { settings, training, heldOut } = options;
    this.recipe = putInRecipe(settings, training.blackAttenuation);
    this.stages = this.stagesOf(settings);
    const sets = { training: training.fingerprint, heldOut: heldOut.fingerprint };
    this.settingsJson = JSON.stringify({ ...settings, ...sets });
  }

  async run(): Promise<DenoisedNetworks> {
    let first = 0;
    let trainee: Trainee | null = null;
    let average = new AveragedWeights();
    if (this.options.resume) {
      ({ stage: first, trainee, average } = await this.resumed());
    }
    let end: DenoisedNetworks['end'] = 'finished';
    for (const [index, stage] of this.stages.entries()) {
      if (index < first) {
        this.stepsBefore += stage.steps;
        continue;
      }
      trainee ??= stage.create();
      try {
        end = await this.trainStage(index, stage, trainee, average);
      } finally {
        trainee.dispose();
        trainee = null;
      }
      if (end === 'interrupted') break;
      for (const [name, array] of average.weights) this.finished.set(name, array);
      average = new AveragedWeights();
      this.rateScale = 1;
      this.stepsBefore += stage.steps;
      if (index > 0) await this.measureMember(index);
    }
    return {
      end,
      weights: this.finished,
      members: this.members,
      steps: this.stepsBefore,
      trainingSeconds: this.trainingSeconds,
      recoveries: this.recoveries,
    };
  }

  private stagesOf(settings: DenoisingSettings): Stage[] {
    const { architecture, seed, batchSize } = settings;
    const comparators = comparatorsOf(architecture);
    return [
      {
        name: 'generator',
        steps: Math.ceil(settings.generatorCrops / batchSize),
        rate: settings.learningRate,
        create: () => new DenoiserTraining(this.tf, architecture, seed, settings),
      },
      ...comparators.map((spec, member) => ({
        name: `comparator ${member + 1} of ${comparators.length}`,
        steps: Math.ceil(settings.comparatorCrops / batchSize),
        rate: settings.comparatorLearningRate,
        create: () => new ComparatorTraining(this.tf, spec, seed, this.rebuild()),
      })),
    ];
  }

  /** The trained generator, for comparators that see x̂. */
  private rebuild(): ((tiles: Tensor4D) => Tensor4D) | null {
    const { architecture } = this.options.settings;
    if (architecture.comparator?.seesReconstruction !== true) return null;
    const { generatorEncoder, generatorDecoder } = ganomalySpec(architecture);
    const layers = [generatorEncoder, generatorDecoder].flatMap((network) =>
      foldedNetwork(network, this.finished).map((layer) => placeLayer(this.tf, layer)),
    );
    return (tiles) => layers.reduce((x, layer) => applyFoldedLayer(this.tf, layer, x), tiles);
  }

  private async trainStage(
    index: number,
    stage: Stage,
    trainee: Trainee,
    average: AveragedWeights,
  ): Promise<DenoisedNetworks['end']> {
    let good = copyOf(trainee);
    let sums = new Map<string, number>();
    let lineSteps = 0;
    let lineSeconds = 0;
    let markedMs = performance.now();
    while (trainee.stepsDone < stage.steps) {
      if (this.options.signal?.aborted === true) {
        await this.checkpoint(index, trainee, average);
        return 'interrupted';
      }
      const step = trainee.stepsDone + 1;
      const batch = await this.batch(index, step);
      const rate = this.rateScale * annealedRate(stage.rate, step, stage.steps);
      const losses = trainee.step(batch, rate);
      this.tf.dispose([batch.input, batch.clean, batch.mask]);
      const now = performance.now();
      lineSeconds += (now - markedMs) / 1000;
      this.trainingSeconds += (now - markedMs) / 1000;
      markedMs = now;
      lineSteps += 1;
      if (!Object.values(losses).every(Number.isFinite)) {
        this.recover(stage, trainee, good, losses);
        continue;
      }
      for (const [name, loss] of Object.entries(losses)) {
        sums.set(name, (sums.get(name) ?? 0) + loss);
      }
      if (step % STEPS_PER_AVERAGE === 0 || step === stage.steps) average.move(trainee.weights());
      if (step % STEPS_PER_COPY === 0) good = copyOf(trainee);
      if (step % STEPS_PER_LINE === 0 || step === stage.steps) {
        const means = Object.fromEntries([...sums].map(([name, sum]) => [name, sum / lineSteps]));
        await this.writeLine(
          stage,
          step,
          means,
          (lineSteps * this.options.settings.batchSize) / lineSeconds,
        );
        sums = new Map();
        lineSteps = 0;
        lineSeconds = 0;
      }
      const sinceCheckpoint = this.trainingSeconds - this.secondsAtCheckpoint;
      if (sinceCheckpoint >= this.options.checkpointMinutes * 60) {
        await this.checkpoint(index, trainee, average);
        markedMs = performance.now();
      }
      // Lets signals and timers through between steps, which block.
      await nextTurn();
    }
    return 'finished';
  }

  /** Goes back to the last good copy at half the rate. */
  private recover(
    stage: Stage,
    trainee: Trainee,
    good: TraineeCopy,
    losses: Readonly<Record<string, number>>,
  ): void {
    this.recoveries += 1;
    if (this.recoveries > MAX_RECOVERIES) {
      throw new PhiscanError(
        'training-diverged',
        `Training of the ${stage.name} ran away at step ${trainee.stepsDone} ` +
          `(${JSON.stringify(losses)}), again after ${MAX_RECOVERIES} returns to the last good ` +
          'weights. Train anew with a lower learning rate or another --seed.',
      );
    }
    this.rateScale /= 2;
    trainee.restore(good.weights, good.moments, good.stepsDone);
  }

  /** The crops of a step: drawn from its number alone, so that a resumed run draws the same. */
  private async batch(stage: number, step: number): Promise<PutInBatch> {
    const { settings, training } = this.options;
    const { batchSize, seed } = settings;
    const side = this.recipe.sidePx;
    const half = side / 2;
    const pictures = await training.block(Math.floor(step / STEPS_PER_BLOCK));
    const input = new Float32Array(batchSize * side * side * 2);
    const clean = new Float32Array(input.length);
    const mask = new Float32Array(batchSize * half * half);
    for (let index = 0; index < batchSize; index++) {
      const random = new RandomStream([seed, 'put-in-crop', stage, step, index]);
      const crop = drawCrop(pictures, this.recipe, random);
      input.set(crop.input, index * side * side * 2);
      clean.set(crop.clean, index * side * side * 2);
      halve(crop.mask, side, mask.subarray(index * half * half, (index + 1) * half * half));
    }
    const shape: [number, number, number, number] = [batchSize, side, side, 2];
    return {
      input: this.tf.tensor4d(input, shape),
      clean: this.tf.tensor4d(clean, shape),
      mask: this.tf.tensor4d(mask, [batchSize, half, half, 1]),
    };
  }

  private async measureMember(members: number): Promise<void> {
    const { settings, scales, heldOut, signal } = this.options;
    const [scale] = scales;
    const { architecture, mapScore } = settings;
    if (architecture.comparator === undefined || scale === undefined) return;
    const ofMembers = { ...architecture, comparator: { ...architecture.comparator, members } };
    const model = placeModel(this.tf, ofMembers, this.finished);
    try {
      const pictures = [];
      for (let block = 0; block < heldOut.blockCount; block++) {
        pictures.push(...(await heldOut.block(block)));
      }
      const figures = await measurePutIn(model, pictures, {
        recipe: { architecture: ofMembers, scoreDefinition: 'map', mapScore },
        scale,
        solids: { families: settings.solidFamilies, sizePx: MEASURED_SIZE_PX },
        blackAttenuation: this.recipe.blackAttenuation,
        solidsPerBag: SOLIDS_PER_BAG,
        seed: MEASURE_SEED,
        ...(signal && { signal }),
      });
      this.members.push({ members, ...figures, benignHighest: [...figures.benignHighest] });
      await this.options.onMember?.({
        members,
        weights: new Map(this.finished),
        steps: this.stepsBefore,
        figures,
      });
    } finally {
      await model.dispose();
    }
  }

  private async writeLine(
    stage: Stage,
    step: number,
    losses: Record<string, number>,
    cropsPerSecond: number,
  ): Promise<void> {
    const { directory, onProgress, settings } = this.options;
    const steps = this.stages.reduce((sum, { steps: ofStage }) => sum + ofStage, 0);
    const overall = this.stepsBefore + step;
    const line = {
      step: overall,
      stage: stage.name,
      ...losses,
      cropsPerSecond: Math.round(cropsPerSecond * 10) / 10,
      trainingSeconds: Math.round(this.trainingSeconds * 10) / 10,
    };
    await appendFile(path.join(directory, METRICS_FILE), JSON.stringify(line) + '\n');
    const secondsLeft = ((steps - overall) * settings.batchSize) / cropsPerSecond;
    onProgress?.({ stage: stage.name, step: overall, steps, losses, cropsPerSecond, secondsLeft });
  }

  private async checkpoint(
    stage: number,
    trainee: Trainee,
    average: AveragedWeights,
  ): Promise<void> {
    const { members, recoveries, rateScale, trainingSeconds } = this;
    const averaged = trainee.stepsDone >= STEPS_PER_AVERAGE ? average.weights : new Map();
    await writeCheckpoint(path.join(this.options.directory, CHECKPOINT_FILE), {
      position: {
        stage,
        step: trainee.stepsDone,
        members,
        recoveries,
        rateScale,
        trainingSeconds,
        settings: this.settingsJson,
      },
      weights: new Map<string, WeightArray>([
        ...this.finished,
        ...trainee.weights(),
        ...[...averaged].map(([name, array]) => [`average/${name}`, array] as const),
      ]),
      moments: trainee.moments(),
    });
    this.secondsAtCheckpoint = trainingSeconds;
  }

  private async resumed(): Promise<{ stage: number; trainee: Trainee; average: AveragedWeights }> {
    const file = path.join(this.options.directory, CHECKPOINT_FILE);
    const { position, weights, moments } = await readCheckpoint(file, positionSchema);
    if (position.settings !== this.settingsJson) {
      throw new PhiscanError(
        'arguments-invalid',
        'The checkpoint belongs to other settings or other training scans: it was made with ' +
          `${position.settings}, this run asks for ${this.settingsJson}. Give the same again, ` +
          'or train into another folder.',
      );
    }
    this.members = position.members;
    this.recoveries = position.recoveries;
    this.rateScale = position.rateScale;
    this.trainingSeconds = position.trainingSeconds;
    this.secondsAtCheckpoint = position.trainingSeconds;
    const stage = this.stages[position.stage];
    if (stage === undefined) throw new RangeError(`There is no stage ${position.stage}.`);
    const before = this.stages.slice(0, position.stage);
    const overall = before.reduce((sum, { steps }) => sum + steps, 0) + position.step;
    await truncateMetrics(path.join(this.options.directory, METRICS_FILE), overall);
    const averaged = new Map<string, WeightArray>();
    for (const [name, array] of weights) {
      if (name.startsWith('average/')) averaged.set(name.slice('average/'.length), array);
      else this.finished.set(name, array);
    }
    const trainee = stage.create();
    trainee.restore(this.finished, moments, position.step);
    for (const name of trainee.weights().keys()) this.finished.delete(name);
    const average = new AveragedWeights(averaged.size > 0 ? averaged : null);
    return { stage: position.stage, trainee, average };
  }
}

/** Solids that are asked for in the held-out measure: about the size of what a person would hold. */
const MEASURED_SIZE_PX: readonly [number, number] = [24, 56];

function putInRecipe(settings: DenoisingSettings, blackAttenuation: number): PutInRecipe {
  return {
    sidePx: settings.architecture.isize,
    families: settings.solidFamilies,
    sizePx: settings.solidSizePx,
    solidChance: 0.6,
    maxSolids: 3,
    overlayChance: 0.35,
    metalDraws: 1,
    cutoutChance: 0,
    maxDistractors: 0,
    distractorPx: [3, 14],
    blackAttenuation,
    zoom: 1.15,
    gain: 1,
    rotate: false,
    noise: 0,
  };
}

interface TraineeCopy {
  readonly weights: WeightSet;
  readonly moments: WeightSet;
  readonly stepsDone: number;
}

function copyOf(trainee: Trainee): TraineeCopy {
  return {
    weights: trainee.weights(),
    moments: trainee.moments(),
    stepsDone: trainee.stepsDone,
  };
}

/** Means over squares of 2×2. */
function halve(values: Float32Array, side: number, into: Float32Array): void {
  const half = side / 2;
  for (let y = 0; y < half; y++) {
    for (let x = 0; x < half; x++) {
      const at = 2 * y * side + 2 * x;
      const upper = (values[at] ?? 0) + (values[at + 1] ?? 0);
      const lower = (values[at + side] ?? 0) + (values[at + side + 1] ?? 0);
      into[y * half + x] = (upper + lower) / 4;
    }
  }
}
