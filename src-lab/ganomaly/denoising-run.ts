import path from 'node:path';
import type { TilingScale } from '../../src-shared/domain/model-bundle';
import { PhiscanError } from '../../src-shared/domain/phiscan-error';
import type { WeightSet } from '../../src-shared/ganomaly/weights';
import type { PutInRecipe } from '../put-in/put-in-crops';
import type { PutInFigures } from '../put-in/put-in-measure';
import type { PutInPictures } from '../put-in/put-in-pictures';
import { AveragedWeights } from './averaged-weights';
import type { DenoisingState, StageState } from './denoising-checkpoint';
import {
  beginningState,
  readDenoisingCheckpoint,
  writeDenoisingCheckpoint,
} from './denoising-checkpoint';
import { DenoisingSamples } from './denoising-samples';
import type { DenoisingSettings } from './denoising-settings';
import { DenoisingStages } from './denoising-stages';
import { MEASURE_SEED, measureMembers } from './measure-members';
import { putInRecipe } from './put-in-batch';
import type { StageSurroundings } from './stage-training';
import { StageTraining } from './stage-training';
import type { Tensorflow } from './tensorflow-runtime';
import { CHECKPOINT_FILE } from './training-checkpoint';
import { TrainingLogs } from './training-logs';
import type { MemberFigures } from './training-metrics';

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

/**
 * Trains the denoising generator and then one comparator after the other, each to the end of its
 * own annealed rate, so that a longer training adds members instead of making one surer.
 * A run resumed from a checkpoint gives the same numbers as one that was never interrupted.
 * @throws PhiscanError `training-diverged` when it does so again after every recovery,
 * `arguments-invalid` when the checkpoint belongs to other settings or scans.
 */
export async function runDenoising(tf: Tensorflow, run: DenoisingRun): Promise<DenoisedNetworks> {
  const stages = new DenoisingStages(tf, run.settings);
  try {
    return await new DenoisingLoop(tf, run, stages).run();
  } finally {
    stages.dispose();
  }
}

class DenoisingLoop {
  private readonly recipe: PutInRecipe;
  private readonly settingsJson: string;
  private readonly logs: TrainingLogs;
  private state: DenoisingState = beginningState();
  private samples: DenoisingSamples | null = null;

  constructor(
    private readonly tf: Tensorflow,
    private readonly options: DenoisingRun,
    private readonly stages: DenoisingStages,
  ) {
    const { settings, training, heldOut, directory } = options;
    this.recipe = putInRecipe(settings, training.blackAttenuation);
    this.logs = new TrainingLogs(directory);
    const sets = {
      training: training.fingerprint,
      blocks: training.blockScans,
      heldOut: heldOut.fingerprint,
      heldOutBlocks: heldOut.blockScans,
    };
    this.settingsJson = JSON.stringify({ ...settings, ...sets });
  }

  async run(): Promise<DenoisedNetworks> {
    const resumed = this.options.resume ? await this.resumed() : null;
    if (resumed === null) await this.logs.truncate(-1);
    await this.beginSamples();
    let end: DenoisedNetworks['end'] = 'finished';
    const first = resumed?.stage ?? 0;
    for (let stage = first; stage < this.stages.all.length && end === 'finished'; stage++) {
      end = await this.runStage(stage, stage === first ? resumed : null);
    }
    const { finished, members, stepsBefore, trainingSeconds, recoveries } = this.state;
    return { end, weights: finished, members, steps: stepsBefore, trainingSeconds, recoveries };
  }

  /** @param resumed where the stage stands when it was begun before */
  private async runStage(
    index: number,
    resumed: StageState | null,
  ): Promise<DenoisedNetworks['end']> {
    const { state } = this;
    const stage = this.stages.at(index);
    const trainee = resumed?.trainee ?? stage.create(state.finished);
    try {
      const current = resumed ?? { stage: index, trainee, average: new AveragedWeights() };
      if (resumed === null) await this.checkpoint(current);
      const end = await new StageTraining(
        this.surroundings(stage.name),
        stage,
        state,
        current,
      ).train();
      if (end === 'interrupted') {
        state.stepsBefore += trainee.stepsDone;
        return end;
      }
      return await this.finishStage(current);
    } finally {
      trainee.dispose();
    }
  }

  /** Takes a stage's average over and measures a comparator, which the signal can interrupt. */
  private async finishStage(current: StageState): Promise<DenoisedNetworks['end']> {
    const { state, stages } = this;
    const members = current.stage;
    for (const [name, array] of current.average.weights) state.finished.set(name, array);
    state.stepsBefore += stages.at(current.stage).steps;
    if (members > 0 && isMeasured(members, stages.members)) {
      try {
        await this.measure(members);
      } catch (error) {
        if (!(error instanceof PhiscanError) || error.code !== 'cancelled') throw error;
        await this.checkpoint(current);
        return 'interrupted';
      }
    }
    state.rateScale = 1;
    return 'finished';
  }

  private surroundings(stage: string): StageSurroundings {
    const { tf, recipe, logs, options } = this;
    const { settings, training, checkpointMinutes, signal } = options;
    return {
      ...{ tf, settings, training, recipe, logs, checkpointMinutes },
      ...(signal && { signal }),
      checkpoint: (current) => this.checkpoint(current),
      onLine: (step, losses, pace) => this.writeLine(stage, step, losses, pace),
      onSamplePoint: (step, weights) => {
        const crops = (step * settings.batchSize).toLocaleString('en-GB');
        return this.addSamples(step, `x̂ after ${crops} crops`, (samples) =>
          samples.rebuilt(weights),
        );
      },
    };
  }

  private async measure(members: number): Promise<void> {
    const { tf, recipe, state, options } = this;
    const { settings, scales, heldOut, signal, onMember } = options;
    const [scale] = scales;
    if (scale === undefined) throw new RangeError('There is no scale to measure at.');
    const { finished: weights, stepsBefore: step } = state;
    const title = members === 1 ? 'map of 1 comparator' : `map of ${members} comparators`;
    const figures = await measureMembers(tf, {
      ...{ settings, scale, heldOut, weights, members },
      blackAttenuation: recipe.blackAttenuation,
      onModel: (model) => this.addSamples(step, title, (samples) => samples.maps(model)),
      ...(signal && { signal }),
    });
    const putIn = { members, ...figures, benignHighest: [...figures.benignHighest] };
    state.members.push(putIn);
    await this.logs.addLine({ step, stage: this.stages.comparatorName(members), putIn });
    await onMember?.({ members, weights: new Map(weights), steps: step, figures });
  }

  /** Adds a row to the report's samples. */
  private async addSamples(
    step: number,
    title: string,
    draw: (samples: DenoisingSamples) => Uint8Array[] | Promise<Uint8Array[]>,
  ): Promise<void> {
    if (this.samples === null) throw new RangeError('Samples are drawn when the run begins.');
    await this.logs.addSamples({ step, title }, await draw(this.samples));
  }

  private async beginSamples(): Promise<void> {
    const { settings, heldOut } = this.options;
    this.samples = new DenoisingSamples(
      this.tf,
      settings.architecture,
      await heldOut.block(0),
      this.recipe,
      MEASURE_SEED,
    );
    if (await this.logs.hasSamples()) return;
    await this.addSamples(0, 'with solids', (samples) => samples.inputs());
    await this.addSamples(0, 'without them', (samples) => samples.cleans());
  }

  private async writeLine(
    stage: string,
    step: number,
    losses: Readonly<Record<string, number>>,
    cropsPerSecond: number,
  ): Promise<void> {
    const { onProgress, settings } = this.options;
    const steps = this.stages.steps();
    const overall = this.state.stepsBefore + step;
    await this.logs.addLine({
      step: overall,
      stage,
      ...losses,
      cropsPerSecond: Math.round(cropsPerSecond * 10) / 10,
      trainingSeconds: Math.round(this.state.trainingSeconds * 10) / 10,
    });
    const secondsLeft = ((steps - overall) * settings.batchSize) / cropsPerSecond;
    onProgress?.({ stage, step: overall, steps, losses, cropsPerSecond, secondsLeft });
  }

  private checkpoint(current: StageState): Promise<void> {
    return writeDenoisingCheckpoint(
      path.join(this.options.directory, CHECKPOINT_FILE),
      this.settingsJson,
      this.state,
      current,
    );
  }

  private async resumed(): Promise<StageState> {
    const file = path.join(this.options.directory, CHECKPOINT_FILE);
    const found = await readDenoisingCheckpoint(file, this.settingsJson, this.stages);
    const { state, current } = found;
    this.state = state;
    await this.logs.truncate(state.stepsBefore + current.trainee.stepsDone);
    return current;
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
