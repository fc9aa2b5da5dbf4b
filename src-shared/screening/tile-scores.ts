import type { ScoreDefinition } from '../domain/model-bundle';
import { missingCaseError } from '../domain/missing-case-error';
import { PhiscanError } from '../domain/phiscan-error';

/** The score definitions that read the latent difference alone. */
export type LatentScoreDefinition = Exclude<ScoreDefinition, 'map'>;

/**
 * A(x) of each tile from its latent difference z − ẑ.
 *
 * - `paper`: ‖z − ẑ‖₁, the sum of absolute differences (GANomaly, arXiv 1805.06725, section 3.3).
 * - `reference`: the mean of the squared differences over nz (the authors' reference code).
 *
 * A tile's score reads its own row alone, so it cannot depend on the batch.
 * @param latentDifference (tile, nz), row-major
 * @throws PhiscanError `score-not-finite`: a NaN compares false with every φ and would read as clear.
 */
export function anomalyScores(
  definition: LatentScoreDefinition,
  latentDifference: Float32Array,
  nz: number,
): Float64Array {
  const count = latentDifference.length / nz;
  if (!Number.isInteger(count)) {
    throw new RangeError(
      `Rows of ${nz} values were expected, ${latentDifference.length} values were given.`,
    );
  }
  const scores = new Float64Array(count);
  for (let tile = 0; tile < count; tile += 1) {
    const row = latentDifference.subarray(tile * nz, (tile + 1) * nz);
    const score = rowScore(definition, row);
    if (!Number.isFinite(score)) throw scoreNotFinite();
    scores[tile] = score;
  }
  return scores;
}

export function scoreNotFinite(): PhiscanError {
  return new PhiscanError(
    'score-not-finite',
    'The networks gave a value that is not a number for this scan, so it has no score. Search the bag by eye; if it happens again, verify or replace the model bundle.',
  );
}

function rowScore(definition: LatentScoreDefinition, row: Float32Array): number {
  let sum = 0;
  switch (definition) {
    case 'paper':
      for (const value of row) sum += Math.abs(value);
      return sum;
    case 'reference':
      for (const value of row) sum += value * value;
      return sum / row.length;
    default:
      throw missingCaseError(definition);
  }
}
