import type { ModelBundle } from '../../src-shared/domain/model-bundle';
import type { ErrorRecord } from '../../src-shared/domain/phiscan-error';
import { PhiscanError, toErrorRecord } from '../../src-shared/domain/phiscan-error';
import type { PixelKind, ScanSource } from '../../src-shared/domain/scan';
import type { Box, ScoredView } from '../../src-shared/domain/screening-outcome';
import type { Engine, LoadedModel } from '../../src-main/engine/engine';
import { decodeScan } from '../../src-main/engine/host/decode-scan';
import type { DecodedView } from '../../src-main/engine/host/decode-scan';
import { prepareScale, screenView } from '../../src-main/engine/host/screen-view';
import { Stopwatch } from '../../src-main/engine/host/stopwatch';
import type { Bag } from './find-bags';
import { tileDarkness } from './tile-darkness';
import { tileBox } from '../../src-shared/screening/tiling';

/** A view of a bag with what the baseline says of the same tiles. */
export interface BagView {
  readonly scored: ScoredView;
  /** Darkness of each of the view's scored tiles, in their order. */
  readonly darkness: Float64Array;
}

export type ScreenedBag =
  | {
      readonly state: 'scored';
      readonly bag: Bag;
      /** Of the scan's files. */
      readonly sha256: string;
      readonly pixelKinds: readonly PixelKind[];
      readonly views: readonly BagView[];
      readonly anomalyScoreMax: number;
    }
  | { readonly state: 'unscored'; readonly bag: Bag; readonly error: ErrorRecord };

/** Scores whole bags with a loaded model, exactly as a scan is screened anywhere else. */
export class BagScreener {
  private constructor(
    private readonly model: LoadedModel,
    readonly bundle: ModelBundle,
    readonly engine: Engine['name'],
  ) {}

  static async load(engine: Engine, bundle: ModelBundle): Promise<BagScreener> {
    return new BagScreener(await engine.load(bundle), bundle, engine.name);
  }

  /** What the model runs on. */
  get runtime(): string {
    return this.model.runtime;
  }

  /** Never rejects for a bad bag: one view without a score leaves the bag unscored. */
  async screen(bag: Bag, signal?: AbortSignal): Promise<ScreenedBag> {
    try {
      if (bag.source instanceof PhiscanError) throw bag.source;
      return await this.screenViews(bag, bag.source, signal);
    } catch (error) {
      return { state: 'unscored', bag, error: toErrorRecord(error) };
    }
  }

  dispose(): Promise<void> {
    return this.model.dispose();
  }

  private async screenViews(
    bag: Bag,
    source: ScanSource,
    signal: AbortSignal | undefined,
  ): Promise<ScreenedBag> {
    const scan = await decodeScan(source);
    const views: BagView[] = [];
    for (const decoded of scan.views) {
      const outcome = await screenView(decoded, {
        model: this.model,
        manifest: this.bundle.manifest,
        stopwatch: new Stopwatch(),
        signal,
      });
      if (outcome.state === 'unscored') return { state: 'unscored', bag, error: outcome.error };
      views.push({ scored: outcome, darkness: this.darknessOf(decoded, outcome) });
    }
    return {
      state: 'scored',
      bag,
      sha256: scan.sha256,
      pixelKinds: [...new Set(views.map(({ scored }) => scored.pixelKind))],
      views,
      anomalyScoreMax: Math.max(...views.map(({ scored }) => scored.anomalyScoreMax)),
    };
  }

  /** Darkness of the scored tiles: scale after scale in the grid's order, as they were scored. */
  private darknessOf(decoded: DecodedView, { tileScores }: ScoredView): Float64Array {
    const values: number[] = [];
    for (const scale of this.bundle.manifest.scales) {
      const { tiling, modelPicture } = prepareScale(decoded, scale);
      const scoredTiles: number[] = [];
      for (let index = 0; index < tiling.grid.count; index += 1) {
        const next = tileScores[values.length + scoredTiles.length];
        if (next !== undefined && isSameBox(tileBox(tiling, index), next)) scoredTiles.push(index);
      }
      values.push(...tileDarkness(modelPicture, tiling.grid, scoredTiles));
    }
    if (values.length !== tileScores.length) {
      throw new RangeError(
        `${tileScores.length} tiles were scored, ${values.length} of them were found again.`,
      );
    }
    return Float64Array.from(values);
  }
}

function isSameBox(a: Box, b: Box): boolean {
  return a.x === b.x && a.y === b.y && a.width === b.width && a.height === b.height;
}
