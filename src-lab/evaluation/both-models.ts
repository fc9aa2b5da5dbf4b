import type { Calibration } from '../../src-shared/domain/model-bundle';
import { anomalyScoreAt } from '../../src-shared/screening/calibration';
import type { MeasuredBag } from './measured-bag';
import { MODEL, tilesOf } from './measured-bag';
import type { TileSet } from './tile-set';

/** The rows of another bundle on the same bags, and of it and the model together. */
export const BESIDE = 'beside';
export const BOTH = 'both';

/** φ at which half of the benign bags alarm, and one in ten. */
const MEDIAN_PHI = -Math.log10(0.5) / 5;
const TENTH_PHI = 0.2;

/**
 * Adds the row of both models: a place counts as the more unusual of them says. Each score is first
 * brought to its own calibration's measure, 0 at the level that half of the benign bags reach and 1
 * at that which one in ten reaches. Both numbers are frozen at calibration, so that no evaluated
 * bag has a say; nothing is weighted or learnt.
 * @param bag scored by `MODEL` and `BESIDE`
 */
export function withBoth(
  bag: MeasuredBag,
  scales: { readonly model: Calibration; readonly beside: Calibration },
): MeasuredBag {
  const ofModel = tilesOf(bag, MODEL).map((tiles) => standardised(tiles, scales.model));
  const ofBeside = tilesOf(bag, BESIDE).map((tiles) => standardised(tiles, scales.beside));
  const both = ofModel.map((tiles, view) => joined(tiles, ofBeside[view]));
  return { ...bag, tiles: new Map([...bag.tiles, [BOTH, both]]) };
}

function standardised({ boxes, values }: TileSet, calibration: Calibration): TileSet {
  const zero = anomalyScoreAt(calibration, MEDIAN_PHI);
  const one = anomalyScoreAt(calibration, TENTH_PHI);
  if (!(one > zero)) {
    throw new RangeError(`A scale rises from ${zero} to ${one} between half and a tenth of bags.`);
  }
  return { boxes, values: values.map((value) => (value - zero) / (one - zero)) };
}

/** The tiles of both; every one keeps its own place and value. */
function joined(a: TileSet, b: TileSet | undefined): TileSet {
  if (b === undefined) throw new RangeError('The models saw different views of a bag.');
  return {
    boxes: Float32Array.from([...a.boxes, ...b.boxes]),
    values: Float64Array.from([...a.values, ...b.values]),
  };
}
