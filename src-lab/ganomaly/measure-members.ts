import type { TilingScale } from '../../src-shared/domain/model-bundle';
import type { WeightSet } from '../../src-shared/ganomaly/weights';
import type { LoadedModel } from '../../src-main/engine/engine';
import { placeModel } from '../../src-main/engine/tensorflow/tensorflow-engine';
import type { PutInFigures } from '../put-in/put-in-measure';
import { measurePutIn } from '../put-in/put-in-measure';
import type { PutInPictures } from '../put-in/put-in-pictures';
import type { DenoisingSettings } from './denoising-settings';
import type { Tensorflow } from './tensorflow-runtime';

/** Seed of the solids that the held-out bags are measured with: none of them is trained on. */
export const MEASURE_SEED = 90_210;
const SOLIDS_PER_BAG = 2;
/** Solids that are asked for in the held-out measure: about the size of what a person would hold. */
const MEASURED_SIZE_PX: readonly [number, number] = [24, 56];

export interface MembersMeasure {
  readonly settings: DenoisingSettings;
  readonly scale: TilingScale;
  readonly heldOut: PutInPictures;
  readonly blackAttenuation: number;
  /** The generator's and those of at least so many comparators. */
  readonly weights: WeightSet;
  readonly members: number;
  /** Draws what the report shows of the model. */
  readonly onModel: (model: LoadedModel) => Promise<void>;
  readonly signal?: AbortSignal;
}

/**
 * What the first so many comparators together find on held-out bags.
 * @throws PhiscanError `cancelled`; RangeError for settings without a comparator
 */
export async function measureMembers(
  tf: Tensorflow,
  { settings, scale, heldOut, blackAttenuation, weights, members, onModel, signal }: MembersMeasure,
): Promise<PutInFigures> {
  const { comparator } = settings.architecture;
  if (comparator === undefined) throw new RangeError('There is no comparator to measure.');
  const architecture = { ...settings.architecture, comparator: { ...comparator, members } };
  const model = placeModel(tf, architecture, weights);
  try {
    const pictures = [];
    for (let block = 0; block < heldOut.blockCount; block++) {
      pictures.push(...(await heldOut.block(block)));
    }
    const figures = await measurePutIn(model, pictures, {
      architecture,
      mapScore: settings.mapScore,
      scale,
      solids: { families: settings.solidFamilies, sizePx: MEASURED_SIZE_PX },
      blackAttenuation,
      solidsPerBag: SOLIDS_PER_BAG,
      seed: MEASURE_SEED,
      ...(signal && { signal }),
    });
    await onModel(model);
    return figures;
  } finally {
    await model.dispose();
  }
}
