import { writePngRgb8 } from '../../src-main/scan-io/raster/write-png';
import type { GanomalyArchitecture } from '../../src-shared/domain/model-bundle';
import { toTradeColours } from '../../src-shared/imaging/attenuation-planes';
import type { WeightSet } from '../../src-shared/ganomaly/weights';
import type { LoadedModel, TileBatch } from '../../src-main/engine/engine';
import { placeModel } from '../../src-main/engine/tensorflow/tensorflow-engine';
import type { AttenuationPicture } from '../put-in/attenuation-picture';
import type { PutInCrop, PutInRecipe } from '../put-in/put-in-crops';
import { drawCrop } from '../put-in/put-in-crops';
import { RandomStream } from '../simulator/random-stream';
import type { Tensorflow } from './tensorflow-runtime';

const SAMPLE_COUNT = 6;
/** Points of the generator's stage, evenly apart, at which its x̂ are kept. */
const SAMPLE_POINTS = 6;
const ATTEMPTS = 20;
/** Share of a sample's pixels that solids cover, at least. */
const LEAST_COVERED = 0.03;
const BATCH_TILES = 8;
/** A cell that a comparator is sure of; white is a cell that it is sure to be benign. */
const MARKED = [176, 20, 111] as const;

/** Whether the samples are drawn after this step of a stage of so many. */
export function isSamplePoint(step: number, steps: number): boolean {
  const point = Math.round((step * SAMPLE_POINTS) / steps);
  return point > 0 && Math.round((point * steps) / SAMPLE_POINTS) === step;
}

/** A few crops with solids, always the same ones, as a training report shows them. */
export class DenoisingSamples {
  private readonly crops: readonly PutInCrop[];

  /** @param pictures held out from training */
  constructor(
    private readonly tf: Tensorflow,
    private readonly architecture: GanomalyArchitecture,
    pictures: readonly AttenuationPicture[],
    recipe: PutInRecipe,
    seed: number,
  ) {
    const certain = { ...recipe, solidChance: 1 };
    this.crops = Array.from({ length: SAMPLE_COUNT }, (_, sample) => {
      for (let attempt = 0; ; attempt++) {
        const random = new RandomStream([seed, 'sample-crop', sample, attempt]);
        const crop = drawCrop(pictures, certain, random);
        const covered = crop.mask.reduce((sum, value) => sum + value, 0) / crop.mask.length;
        if (covered >= LEAST_COVERED || attempt >= ATTEMPTS) return crop;
      }
    });
  }

  /** The crops with solids, as PNG. */
  inputs(): Uint8Array[] {
    return this.crops.map(({ input }) => this.picture(input));
  }

  /** The crops without them: what x̂ is to be. */
  cleans(): Uint8Array[] {
    return this.crops.map(({ clean }) => this.picture(clean));
  }

  /** x̂ of the crops with solids, by a generator's weights. */
  async rebuilt(weights: WeightSet): Promise<Uint8Array[]> {
    const { name, isize, nc, nz, ngf, extraLayers } = this.architecture;
    const generator = { name, isize, nc, nz, ngf, extraLayers };
    const model = placeModel(this.tf, generator, weights, { batchTiles: BATCH_TILES });
    try {
      const { reconstruction } = await model.runTiles(this.tiles(), ['reconstruction']);
      return this.split(reconstruction).map((planes) => this.picture(planes));
    } finally {
      await model.dispose();
    }
  }

  /** How sure a model's comparators together are of each cell of the crops with solids. */
  async maps(model: LoadedModel): Promise<Uint8Array[]> {
    const { anomalyMap } = await model.runTiles(this.tiles(), ['anomalyMap']);
    return this.split(anomalyMap).map(mapPicture);
  }

  private tiles(): TileBatch {
    const { isize, nc } = this.architecture;
    const values = new Float32Array(this.crops.length * isize * isize * nc);
    this.crops.forEach(({ input }, index) => values.set(input, index * input.length));
    return { count: this.crops.length, height: isize, width: isize, channels: nc, values };
  }

  private split(values: Float32Array | undefined): Float32Array[] {
    if (values === undefined) throw new RangeError('The model left out what was asked of it.');
    const length = values.length / this.crops.length;
    return this.crops.map((_, index) => values.subarray(index * length, (index + 1) * length));
  }

  private picture(planes: Float32Array): Uint8Array {
    const { isize } = this.architecture;
    return writePngRgb8(isize, isize, toTradeColours(planes));
  }
}

/** Logits of a square map as a picture from white (benign) to magenta (put in). */
function mapPicture(logits: Float32Array): Uint8Array {
  const side = Math.sqrt(logits.length);
  const rgb = new Uint8Array(3 * logits.length);
  logits.forEach((logit, cell) => {
    const sure = 1 / (1 + Math.exp(-logit));
    MARKED.forEach((value, channel) => {
      rgb[3 * cell + channel] = Math.round(255 + (value - 255) * sure);
    });
  });
  return writePngRgb8(side, side, rgb);
}
