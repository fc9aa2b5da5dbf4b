import type { WeightSet } from '../../src-shared/ganomaly/weights';
import type { LoadedModel } from '../../src-main/engine/engine';
import { placeModel } from '../../src-main/engine/tensorflow/tensorflow-engine';
import type { MeasuredWeights } from './best-weights';
import { refuseWeightsNotFinite } from './divergence-watch';
import { heldOutLosses } from './held-out-losses';
import type { Tensorflow } from './tensorflow-runtime';
import type { TrainingLogs } from './training-logs';
import type { TrainingRun } from './training-run';
import { tilePictures } from './training-samples';

/** Where a run stands, and its weights there. */
export interface WeightsInTraining {
  readonly step: number;
  readonly epoch: number;
  /** Epochs done, with the share of the one begun. */
  readonly epochs: number;
  readonly weights: WeightSet;
}

/**
 * What held-out patches say of a run's weights as it goes on, and which of them it keeps: with
 * patience those of the epoch that had the lowest L_con, else the last.
 */
export class HeldOutChoice {
  best: MeasuredWeights | null = null;
  /** Of the weights as they are, where they were measured and anything is held out. */
  private measured: MeasuredWeights | null = null;
  private isMeasured = false;

  constructor(
    private readonly tf: Tensorflow,
    private readonly run: TrainingRun,
    private readonly logs: TrainingLogs,
  ) {}

  /** The weights have moved on. */
  forgetMeasured(): void {
    this.measured = null;
    this.isMeasured = false;
  }

  /** Whether the held-out loss has not fallen for as many epochs as the run is patient. */
  isStale(epoch: number): boolean {
    const { best, patience } = this;
    return patience > 0 && best !== null && epoch - best.epochs >= patience;
  }

  /** Whose weights the run gives; null where they were not measured. */
  chosen(): MeasuredWeights | null {
    const { best, measured, patience } = this;
    if (patience === 0 || best === null) return measured;
    return measured !== null && isBetter(measured, best) ? measured : best;
  }

  async endEpoch(at: WeightsInTraining): Promise<void> {
    await this.measure(at);
    const { measured, best } = this;
    if (this.patience === 0 || measured === null) return;
    if (best === null || isBetter(measured, best)) this.best = measured;
  }

  /**
   * Writes the held-out losses and the samples of the weights, unless they were measured already.
   * @throws PhiscanError `training-diverged` for weights that are no numbers
   */
  async measure(at: WeightsInTraining): Promise<void> {
    const { settings, heldOut = null, samples = null } = this.run;
    if (this.isMeasured || (heldOut === null && samples === null)) return;
    const { step, epoch, epochs, weights } = at;
    refuseWeightsNotFinite(step, weights);
    this.isMeasured = true;
    const model = placeModel(this.tf, settings.architecture, weights);
    try {
      await this.addSamples(model, at);
      if (heldOut === null) return;
      const losses = await heldOutLosses(model, settings.architecture, heldOut);
      await this.logs.addLine({ step, epoch, heldOut: losses });
      this.measured = { step, epochs, losses, weights };
    } finally {
      await model.dispose();
    }
  }

  /** The patches themselves, which every later row of samples is of. */
  async beginSamples(): Promise<void> {
    const { samples = null } = this.run;
    if (samples === null || (await this.logs.hasSamples())) return;
    await this.logs.addSamples({ step: 0, title: 'patches' }, tilePictures(samples));
  }

  private async addSamples(model: LoadedModel, { step, epochs }: WeightsInTraining): Promise<void> {
    const { samples = null } = this.run;
    if (samples === null) return;
    const { reconstruction: values } = await model.runTiles(samples, ['reconstruction']);
    if (values === undefined) throw new RangeError('The model left out what was asked of it.');
    const title = `x̂ after ${epochText(epochs)}`;
    await this.logs.addSamples({ step, title }, tilePictures({ ...samples, values }));
  }

  private get patience(): number {
    return this.run.patience ?? 0;
  }
}

function isBetter(measured: MeasuredWeights, than: MeasuredWeights): boolean {
  return measured.losses.contextual < than.losses.contextual;
}

function epochText(epochs: number): string {
  if (epochs === 1) return '1 epoch';
  return `${Number.isInteger(epochs) ? epochs : epochs.toFixed(2)} epochs`;
}
