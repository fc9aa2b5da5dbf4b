import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Engine } from '../../src-main/engine/engine';
import { writeBundle } from '../../src-main/engine/bundle/write-bundle';
import type { GanomalyArchitecture } from '../../src-shared/domain/model-bundle';
import { randomWeights } from '../../src-shared/ganomaly/random-weights';
import { scoringNetworks } from '../../src-shared/ganomaly/scoring-networks';
import { RandomStream } from '../simulator/random-stream';
import type { ScreeningRecipe } from './screen-bag';
import { BagScreener } from './screen-bag';

/** The row of a GANomaly that has learnt nothing. */
export const RANDOM_GANOMALY = 'random';

/**
 * A GANomaly of the model's own shape with random weights, scored by the latent distance: what the
 * networks' form and the pictures' contrast give without any training. It looks at the same tiles.
 */
export async function loadRandomGanomaly(
  engine: Engine,
  recipe: ScreeningRecipe,
  seed: number,
): Promise<BagScreener> {
  const { name, isize, nc, nz, ngf, extraLayers } = recipe.architecture;
  const architecture: GanomalyArchitecture = { name, isize, nc, nz, ngf, extraLayers };
  const random = new RandomStream([seed, 'parity-tile']);
  const parentDirectory = await mkdtemp(path.join(tmpdir(), 'phiscan-random-'));
  try {
    const bundle = await writeBundle({
      parentDirectory,
      description: {
        architecture,
        preprocessing: recipe.preprocessing,
        scales: recipe.scales,
        scoreDefinition: 'reference',
        calibration: null,
        training: {
          description: 'Random weights: the row of a model that has learnt nothing.',
          trainingSet: 'none',
          command: 'phiscan evaluate',
          seed,
          patches: 0,
          epochs: 0,
          settings: {},
        },
        parentBundle: null,
        licence: 'MIT',
      },
      weights: randomWeights(scoringNetworks(architecture), seed),
      parityTiles: {
        count: 1,
        height: isize,
        width: isize,
        channels: nc,
        values: Uint8Array.from({ length: isize * isize * nc }, () => random.integer(0, 255)),
      },
      createdAt: new Date(0),
    });
    return await BagScreener.load(engine, bundle);
  } finally {
    await rm(parentDirectory, { recursive: true, force: true });
  }
}
