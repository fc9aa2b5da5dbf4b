import { BESIDE, withBoth } from '../../src-lab/evaluation/both-models';
import type { MeasuredBag } from '../../src-lab/evaluation/measured-bag';
import { measureBag } from '../../src-lab/evaluation/measured-bag';
import type { BagScreener, ScoredBag } from '../../src-lab/evaluation/screen-bag';
import type { Calibration } from '../../src-shared/domain/model-bundle';
import { PhiscanError } from '../../src-shared/domain/phiscan-error';
import type { EngineName } from '../engine/engine';
import { openEvaluatedModel } from './evaluated-model';

/** What else the bags of an evaluation are scored by, each a row of its own. */
export class OtherModels {
  private readonly screeners = new Map<string, BagScreener>();

  /** @param calibration of the evaluated model */
  constructor(private readonly calibration: Calibration | null) {}

  /** Takes over the screener. */
  add(name: string, screener: BagScreener): void {
    this.screeners.set(name, screener);
  }

  /**
   * Adds another model, which makes two rows: its own, and that of both together.
   * @returns what it is
   * @throws PhiscanError `arguments-invalid` where one of the two has no scale to join them by
   */
  async addBeside(
    directory: string,
    engine: EngineName | 'auto',
  ): Promise<{ readonly model: string; readonly scoreDefinition: string }> {
    const { screener, id, scoreDefinition } = await openEvaluatedModel(directory, engine);
    this.add(BESIDE, screener);
    if (this.calibration === null || screener.recipe.calibration === null) {
      throw new PhiscanError(
        'arguments-invalid',
        'Two models are compared by their own scales, and one of these has none. ' +
          'Give bundles from phiscan calibrate to --model and --beside.',
      );
    }
    return { model: id, scoreDefinition };
  }

  /**
   * Measures a bag by the evaluated model, the baselines and all others.
   * @throws PhiscanError as the others' screening, where one of them cannot score the bag
   */
  async measure(scored: ScoredBag, signal: AbortSignal): Promise<MeasuredBag> {
    const views = scored.views.map(({ decoded }) => decoded);
    const others: Record<string, ScoredBag> = {};
    for (const [name, screener] of this.screeners) {
      const other = await screener.screenViews(
        scored.bag,
        { sha256: scored.sha256, views },
        signal,
      );
      if (other.state === 'unscored') throw new PhiscanError(other.error.code, other.error.message);
      others[name] = other;
    }
    const measured = await measureBag(scored, others);
    const beside = this.screeners.get(BESIDE)?.recipe.calibration ?? null;
    if (this.calibration === null || beside === null) return measured;
    return withBoth(measured, { model: this.calibration, beside });
  }

  async dispose(): Promise<void> {
    for (const screener of this.screeners.values()) await screener.dispose();
  }
}
