import type { BagEvidence } from './bag-evidence';
import type { PixelCounts, PixelEvidence } from './pixel-evidence';
import type { BagWeights, OwnedValue } from './ranked-pool';
import { RankedPool } from './ranked-pool';

/** The false-positive rate up to which regions' overlap is integrated, as MVTec AD does. */
export const AUPRO_LIMIT = 0.3;

/** How well single pixels on masked threats stand out from all other pixels. */
export interface PixelFigures {
  readonly auroc: number;
  /**
   * Area under the per-region overlap: the mean share of each threat region above the level,
   * against the share of other pixels above it, up to `AUPRO_LIMIT` and as a share of it
   * (Bergmann et al., MVTec AD, IJCV 2021, section 5.2).
   */
  readonly aupro: number;
}

/** Pixels of benign bags and of masked threat bags, ranked once for any weights of the bags. */
export class PixelRanks {
  readonly #pixels: RankedPool;
  readonly #regions: RankedPool;

  private constructor(
    beside: readonly OwnedValue[],
    onThreats: readonly OwnedValue[],
    shares: readonly OwnedValue[],
  ) {
    this.#pixels = new RankedPool(beside, onThreats);
    this.#regions = new RankedPool(beside, shares);
  }

  /** Null where no threat bag has masks. */
  static of(benign: readonly BagEvidence[], threat: readonly BagEvidence[]): PixelRanks | null {
    const bags = [...benign, ...threat].flatMap(({ pixels }, bag) =>
      pixels === null ? [] : [{ bag, pixels }],
    );
    if (!bags.some(({ pixels }) => pixels.regions.length > 0)) return null;
    const regions = bags.flatMap(({ bag, pixels }) =>
      pixels.regions.map((counts) => ({ bag, counts, size: sizeOf(counts) })),
    );
    return new PixelRanks(
      bags.flatMap(({ bag, pixels }) => entries(bag, pixels.beside)),
      regions.flatMap(({ bag, counts }) => entries(bag, counts)),
      // Every region weighs the same, however large.
      regions.flatMap(({ bag, counts, size }) => entries(bag, counts, size)),
    );
  }

  figures(weights: BagWeights): PixelFigures {
    return {
      auroc: this.#pixels.auroc(weights),
      aupro: this.#regions.partialArea(weights, AUPRO_LIMIT),
    };
  }
}

function entries(bag: number, counts: PixelCounts, whole = 1): OwnedValue[] {
  return [...counts]
    .filter(([, amount]) => amount > 0)
    .map(([value, amount]) => ({ value, bag, amount: amount / whole }));
}

function sizeOf(counts: PixelEvidence['beside']): number {
  return [...counts.values()].reduce((sum, amount) => sum + amount, 0);
}
