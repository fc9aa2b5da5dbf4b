import type { ModelBundle } from '../../src-shared/domain/model-bundle';
import type { ErrorRecord } from '../../src-shared/domain/phiscan-error';
import { PhiscanError, toErrorRecord } from '../../src-shared/domain/phiscan-error';
import type { PixelKind } from '../../src-shared/domain/scan';
import type { ScoredView } from '../../src-shared/domain/screening-outcome';
import type { Engine, LoadedModel } from '../../src-main/engine/engine';
import { decodeScan } from '../../src-main/engine/host/decode-scan';
import type { DecodedScan, DecodedView } from '../../src-main/engine/host/decode-scan';
import type { ViewScreening } from '../../src-main/engine/host/screen-view';
import { screenView } from '../../src-main/engine/host/screen-view';
import { Stopwatch } from '../../src-main/engine/host/stopwatch';
import type { Bag } from './find-bags';

/** How a view is prepared and scored: what a bundle's manifest says, or the like of it. */
export type ScreeningRecipe = ViewScreening['manifest'];

/** A view of a bag as it was scored, and the picture that was scored. */
export interface BagView {
  readonly scored: ScoredView;
  readonly decoded: DecodedView;
}

/** A bag all of whose views have a score. */
export interface ScoredBag {
  readonly state: 'scored';
  readonly bag: Bag;
  /** Of the scan's files. */
  readonly sha256: string;
  readonly pixelKinds: readonly PixelKind[];
  readonly views: readonly BagView[];
  readonly anomalyScoreMax: number;
}

export interface UnscoredBag {
  readonly state: 'unscored';
  readonly bag: Bag;
  readonly error: ErrorRecord;
}

export type ScreenedBag = ScoredBag | UnscoredBag;

/** Scores whole bags with a loaded model, exactly as a scan is screened anywhere else. */
export class BagScreener {
  /** Of any model that runs tiles, with the recipe by which views become tiles and scores. */
  constructor(
    private readonly model: LoadedModel,
    readonly recipe: ScreeningRecipe,
  ) {}

  static async load(engine: Engine, bundle: ModelBundle): Promise<BagScreener> {
    return new BagScreener(await engine.load(bundle), bundle.manifest);
  }

  /** What the model runs on. */
  get runtime(): string {
    return this.model.runtime;
  }

  /** Never rejects for a bad bag: one view without a score leaves the bag unscored. */
  async screen(bag: Bag, signal?: AbortSignal): Promise<ScreenedBag> {
    try {
      if (bag.source instanceof PhiscanError) throw bag.source;
      return await this.screenViews(bag, await decodeScan(bag.source), signal);
    } catch (error) {
      return { state: 'unscored', bag, error: toErrorRecord(error) };
    }
  }

  /** Scores views that are decoded already: another model's word on a scan that was screened. */
  async screenViews(
    bag: Bag,
    { sha256, views: decodedViews }: Pick<DecodedScan, 'sha256' | 'views'>,
    signal?: AbortSignal,
  ): Promise<ScreenedBag> {
    const views: BagView[] = [];
    for (const decoded of decodedViews) {
      const outcome = await screenView(decoded, {
        model: this.model,
        manifest: this.recipe,
        stopwatch: new Stopwatch(),
        signal,
      });
      if (outcome.state === 'unscored') return { state: 'unscored', bag, error: outcome.error };
      views.push({ scored: outcome, decoded });
    }
    return {
      state: 'scored',
      bag,
      sha256,
      pixelKinds: [...new Set(views.map(({ scored }) => scored.pixelKind))],
      views,
      anomalyScoreMax: Math.max(...views.map(({ scored }) => scored.anomalyScoreMax)),
    };
  }

  dispose(): Promise<void> {
    return this.model.dispose();
  }
}
