import type { Preprocessing, TilingScale } from '../../src-shared/domain/model-bundle';
import { PhiscanError } from '../../src-shared/domain/phiscan-error';
import type { Scan, ScanSource } from '../../src-shared/domain/scan';
import type { LatentScoreDefinition } from '../../src-shared/screening/tile-scores';
import { anomalyScores } from '../../src-shared/screening/tile-scores';
import type { LoadedModel } from '../../src-main/engine/engine';
import type { FoundScan } from '../../src-main/scan-io/group-scan-sources';
import { cutPatch, patchPictures } from '../datasets/patch-picture';

export interface HeldOutScoring {
  readonly readScan: (source: ScanSource) => Promise<Scan>;
  readonly preprocessing: Preprocessing;
  readonly scale: TilingScale;
  readonly scoreDefinition: LatentScoreDefinition;
  readonly nz: number;
  readonly signal?: AbortSignal;
}

const CHANNELS = 3;

/**
 * Highest tile score of each scan, in the scans' order; scans that cannot be read or have no
 * material, which the training names as left out, have none.
 * @throws PhiscanError `cancelled`
 */
export async function heldOutHighest(
  model: LoadedModel,
  found: readonly FoundScan[],
  { readScan, preprocessing, scale, scoreDefinition, nz, signal }: HeldOutScoring,
): Promise<number[]> {
  const side = scale.tileSizePx;
  const length = side * side * CHANNELS;
  const highest: number[] = [];
  for (const entry of found) {
    if (entry.state === 'broken') continue;
    let pictures;
    try {
      pictures = patchPictures(await readScan(entry.source), preprocessing, scale);
    } catch (error) {
      if (error instanceof PhiscanError && error.code !== 'cancelled') continue;
      throw error;
    }
    const count = pictures.reduce((sum, { tiles }) => sum + tiles.length, 0);
    if (count === 0) continue;
    const values = new Float32Array(count * length);
    for (let id = 0; id < count; id++) {
      cutPatch(pictures, id, values.subarray(id * length, (id + 1) * length));
    }
    const tiles = { count, height: side, width: side, channels: CHANNELS, values };
    const { latentDifference } = await model.runTiles(tiles, ['latentDifference'], signal);
    if (latentDifference === undefined) throw new RangeError('The model left out what was asked.');
    let most = -Infinity;
    for (const score of anomalyScores(scoreDefinition, latentDifference, nz)) {
      most = Math.max(most, score);
    }
    highest.push(most);
  }
  return highest;
}
