import path from 'node:path';
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
import type { PutInFigures } from '../put-in/put-in-measure';
import { measurePutIn } from '../put-in/put-in-measure';
import type { PutInPictures } from '../put-in/put-in-pictures';
import { AveragedWeights } from './averaged-weights';
import { ComparatorTraining } from './comparator-training';
import { DenoiserTraining } from './denoiser-training';
import { DenoisingSamples, isSamplePoint } from './denoising-samples';
import type { DenoisingSettings } from './denoising-settings';
import { annealedRate } from './learning-rate';
import { drawPutInBatch, putInRecipe } from './put-in-batch';
import type { Tensorflow } from './tensorflow-runtime';
import type { Trainee } from './trainee';
import { CHECKPOINT_FILE, readCheckpoint, writeCheckpoint } from './training-checkpoint';
import type { LoggedLine, MemberFigures } from './training-metrics';
import {
  appendMetrics,
  memberFiguresSchema,
  METRICS_FILE,
  truncateMetrics,
} from './training-metrics';
import { appendSamples, readSamples, SAMPLES_FILE } from './training-samples';

export interface DenoisingRun {
  readonly settings: DenoisingSettings;
  readonly scales: readonly TilingScale[];
  readonly training: PutInPictures;
  /** Benign bags that are never trained on: what is chosen by. */
  readonly heldOut: PutInPictures;
  /** Takes `checkpoint.bin`, `metrics.jsonl` and `samples.jsonl`; must exist. */
  readonly directory: string;
  readonly resume: boolean;
  readonly checkpointMinutes: number;
  readonly onProgress?: (progress: DenoisingProgress) => void;
  /** When so many comparators were measured: they are a whole model of fewer members. */
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
  private samples: DenoisingSamples | null = null;

  constructor(
    private readonly tf: Tensorflow,
    private readonly options: DenoisingRun,
  ) {
    const { settings, training, heldOut } = options;
    this.recipe = putInRecipe(settings, training.blackAttenuation);
    this.stages = this.stagesOf(settings);
    const sets = {
      training: training.fingerprint,
      blocks: training.blockScans,
      heldOut: heldOut.fingerprint,
      heldOutBlocks: heldOut.blockScans,
    };
    this.settingsJson = JSON.stringify({ ...settings, ...sets });
  }

  async run(): Promise<DenoisedNetworks> {
    let first = 0;
    let trainee: Trainee | null = null;
    let average = new AveragedWeights();
    if (this.options.resume) {
      ({ stage: first, trainee, average } = await this.resumed());
    } else {
      await this.truncateLogs(-1);
    }
    await this.beginSamples();
    let end: DenoisedNetworks['end'] = 'finished';
    for (const [index, stage] of this.stages.entries()) {
      if (index < first) {
        this.stepsBefore += stage.steps;
        continue;
      }
      try {
        if (trainee === null) {
          trainee = stage.create();
          await this.checkpoint(index, trainee, average);
        }
        end = await this.trainStage(index, stage, trainee, average);
        if (end === 'interrupted') this.stepsBefore += trainee.stepsDone;
        else end = await this.finishStage(index, stage, trainee, average);
      } finally {
        trainee?.dispose();
        trainee = null;
      }
      if (end === 'interrupted') break;
      average = new AveragedWeights();
      this.rateScale = 1;
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
    let good = copyOf(trainee, average);
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
      const { settings, training } = this.options;
      const pictures = await training.block(Math.floor(step / STEPS_PER_BLOCK));
      const { seed, batchSize } = settings;
      const place = { seed, batchSize, stage: index, step };
      const batch = drawPutInBatch(this.tf, pictures, this.recipe, place);
      const rate = this.rateScale * annealedRate(stage.rate, step, stage.steps);
      const losses = trainee.step(batch, rate);
      this.tf.dispose([batch.input, batch.clean, batch.mask]);
      const now = performance.now();
      lineSeconds += (now - markedMs) / 1000;
      this.trainingSeconds += (now - markedMs) / 1000;
      markedMs = now;
      lineSteps += 1;
      if (!Object.values(losses).every(Number.isFinite)) {
        await this.recover(index, stage, trainee, average, good, losses);
        ({ sums, lineSteps, lineSeconds } = { sums: new Map(), lineSteps: 0, lineSeconds: 0 });
        markedMs = performance.now();
        continue;
      }
      for (const [name, loss] of Object.entries(losses)) {
        sums.set(name, (sums.get(name) ?? 0) + loss);
      }
      if (step % STEPS_PER_AVERAGE === 0 || step === stage.steps) average.move(trainee.weights());
      // Losses are of the weights before the step: the step itself can have spoilt them.
      if (step % STEPS_PER_COPY === 0 && areFinite(trainee.weights())) {
        good = copyOf(trainee, average);
      }
      if (step % STEPS_PER_LINE === 0 || step === stage.steps) {
        const means = Object.fromEntries([...sums].map(([name, sum]) => [name, sum / lineSteps]));
        await this.writeLine(stage, step, means, (lineSteps * batchSize) / lineSeconds);
        sums = new Map();
        lineSteps = 0;
        lineSeconds = 0;
      }
      if (index === 0 && isSamplePoint(step, stage.steps)) {
        const weights = average.isEmpty ? trainee.weights() : average.weights;
        await this.keepSamples(
          step,
          `x̂ after ${(step * batchSize).toLocaleString('en-GB')} crops`,
          (samples) => samples.rebuilt(weights),
        );
        markedMs = performance.now();
      }
      const sinceCheckpoint = this.trainingSeconds - this.secondsAtCheckpoint;
      const isDue = sinceCheckpoint >= this.options.checkpointMinutes * 60;
      if (isDue && areFinite(trainee.weights())) {
        await this.checkpoint(index, trainee, average);
        markedMs = performance.now();
      }
      // Lets signals and timers through between steps, which block.
      await nextTurn();
    }
    return 'finished';
  }

  /** Takes a stage's average over and measures a comparator, which the signal can interrupt. */
  private async finishStage(
    index: number,
    stage: Stage,
    trainee: Trainee,
    average: AveragedWeights,
  ): Promise<DenoisedNetworks['end']> {
    for (const [name, array] of average.weights) this.finished.set(name, array);
    this.stepsBefore += stage.steps;
    if (index === 0 || !isMeasured(index, this.stages.length - 1)) return 'finished';
    try {
      await this.measureMember(index);
      return 'finished';
    } catch (error) {
      if (!(error instanceof PhiscanError) || error.code !== 'cancelled') throw error;
      await this.checkpoint(index, trainee, average);
      return 'interrupted';
    }
  }

  /** Goes back to the last good copy at half the rate, and says so in the metrics. */
  private async recover(
    index: number,
    stage: Stage,
    trainee: Trainee,
    average: AveragedWeights,
    good: TraineeCopy,
    losses: Readonly<Record<string, number>>,
  ): Promise<void> {
    this.recoveries += 1;
    const { stepsDone } = trainee;
    // JSON has no numbers for them.
    const found = Object.entries(losses).map(([name, loss]) => `${name} ${loss}`);
    if (this.recoveries > MAX_RECOVERIES) {
      throw new PhiscanError(
        'training-diverged',
        `Training of the ${stage.name} ran away at step ${stepsDone} (${found.join(', ')}), ` +
          `again after ${MAX_RECOVERIES} returns to the last good weights. Train anew with a ` +
          'lower learning rate or another --seed.',
      );
    }
    this.rateScale /= 2;
    trainee.restore(good.weights, good.moments, good.stepsDone);
    average.reset(good.average);
    const step = this.stepsBefore + good.stepsDone;
    await this.truncateLogs(step);
    // With the checkpoint first, no resumed run forgets a return that its metrics tell of.
    await this.checkpoint(index, trainee, average);
    const line = {
      step,
      stage: stage.name,
      recovery: { fromStep: this.stepsBefore + stepsDone, found: found.join(', ') },
    };
    await this.log(line);
  }

  private log(line: LoggedLine): Promise<void> {
    return appendMetrics(path.join(this.options.directory, METRICS_FILE), line);
  }

  private async truncateLogs(lastStep: number): Promise<void> {
    for (const file of [METRICS_FILE, SAMPLES_FILE]) {
      await truncateMetrics(path.join(this.options.directory, file), lastStep);
    }
  }

  /** Adds a row to the report's samples. */
  private async keepSamples(
    step: number,
    title: string,
    draw: (samples: DenoisingSamples) => Uint8Array[] | Promise<Uint8Array[]>,
  ): Promise<void> {
    if (this.samples === null) throw new RangeError('Samples are drawn when the run begins.');
    const file = path.join(this.options.directory, SAMPLES_FILE);
    await appendSamples(file, { step, title }, await draw(this.samples));
  }

  private async beginSamples(): Promise<void> {
    const { settings, heldOut, directory } = this.options;
    this.samples = new DenoisingSamples(
      this.tf,
      settings.architecture,
      await heldOut.block(0),
      this.recipe,
      MEASURE_SEED,
    );
    if ((await readSamples(path.join(directory, SAMPLES_FILE))).length > 0) return;
    await this.keepSamples(0, 'with solids', (samples) => samples.inputs());
    await this.keepSamples(0, 'without them', (samples) => samples.cleans());
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
        architecture: ofMembers,
        mapScore,
        scale,
        solids: { families: settings.solidFamilies, sizePx: MEASURED_SIZE_PX },
        blackAttenuation: this.recipe.blackAttenuation,
        solidsPerBag: SOLIDS_PER_BAG,
        seed: MEASURE_SEED,
        ...(signal && { signal }),
      });
      const title = members === 1 ? 'map of 1 comparator' : `map of ${members} comparators`;
      await this.keepSamples(this.stepsBefore, title, (samples) => samples.maps(model));
      const putIn = { members, ...figures, benignHighest: [...figures.benignHighest] };
      this.members.push(putIn);
      await this.log({
        step: this.stepsBefore,
        stage: `comparator ${members} of ${architecture.comparator.members}`,
        putIn,
      });
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
    const { onProgress, settings } = this.options;
    const steps = this.stages.reduce((sum, { steps: ofStage }) => sum + ofStage, 0);
    const overall = this.stepsBefore + step;
    const line = {
      step: overall,
      stage: stage.name,
      ...losses,
      cropsPerSecond: Math.round(cropsPerSecond * 10) / 10,
      trainingSeconds: Math.round(this.trainingSeconds * 10) / 10,
    };
    await this.log(line);
    const secondsLeft = ((steps - overall) * settings.batchSize) / cropsPerSecond;
    onProgress?.({ stage: stage.name, step: overall, steps, losses, cropsPerSecond, secondsLeft });
  }

  private async checkpoint(
    stage: number,
    trainee: Trainee,
    average: AveragedWeights,
  ): Promise<void> {
    const { members, recoveries, rateScale, trainingSeconds } = this;
    const averaged: WeightSet = average.isEmpty ? new Map() : average.weights;
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
    await this.truncateLogs(overall);
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

/** How many of how many members. */
export function halfOf(members: number): number {
  return Math.ceil(members / 2);
}

/** Measuring takes as long as the members are many: at doublings, at half and at the end. */
function isMeasured(trained: number, members: number): boolean {
  const isDoubling = Number.isInteger(Math.log2(trained));
  return isDoubling || trained === halfOf(members) || trained === members;
}

/** Solids that are asked for in the held-out measure: about the size of what a person would hold. */
const MEASURED_SIZE_PX: readonly [number, number] = [24, 56];

interface TraineeCopy {
  readonly weights: WeightSet;
  readonly moments: WeightSet;
  readonly stepsDone: number;
  readonly average: WeightSet | null;
}

function copyOf(trainee: Trainee, average: AveragedWeights): TraineeCopy {
  return {
    weights: trainee.weights(),
    moments: trainee.moments(),
    stepsDone: trainee.stepsDone,
    average: average.isEmpty ? null : new AveragedWeights(average.weights).weights,
  };
}

function areFinite(weights: WeightSet): boolean {
  return [...weights.values()].every(({ values }) => values.every(Number.isFinite));
}
