import type { Calibration } from '../domain/model-bundle';
import { estimateShape, tailOfShape } from './pareto-tail';

type Tail = Calibration['tail'];

/** The empirical share rules as long as this many bags lie above; the tail is for what is rarer. */
const TAIL_BAGS = 20;
/** Fewest and most bags that the tail's shape is read from. */
const MIN_SHAPE_BAGS = 40;
const MAX_SHAPE_BAGS = 100;

/** Bags above the score at which the tail begins: 20, or half of a sample under 40. */
export function tailBagsOf(bagCount: number): number {
  return Math.min(TAIL_BAGS, Math.floor(bagCount / 2));
}

/** Bags that the shape is read from: the top tenth, but 40 to 100, and no more than half. */
export function shapeBagsOf(bagCount: number): number {
  const tenth = Math.round(bagCount / 10);
  return Math.min(
    Math.max(MIN_SHAPE_BAGS, Math.min(MAX_SHAPE_BAGS, tenth)),
    Math.floor(bagCount / 2),
  );
}

/**
 * The tail of a sample. Its shape, which needs many excesses to be more than noise, is read from
 * the top tenth of the bags; where it begins and its scale, which must fit at the place, from the
 * top 20.
 * @param highest the highest maxima of the sample, ascending: at least `shapeBagsOf` + 1 of them
 * @param bagCount size of the whole sample
 * @returns null when no bag lies above the score at which the tail would begin
 */
export function fitTail(highest: readonly number[], bagCount: number): Tail | null {
  const begin = highest[highest.length - 1 - tailBagsOf(bagCount)] ?? Number.NaN;
  const excesses = excessesOver(begin, highest);
  if (excesses.length === 0) return null;
  const shapeBegin = highest[highest.length - 1 - shapeBagsOf(bagCount)] ?? Number.NaN;
  const shape = estimateShape(excessesOver(shapeBegin, highest));
  const reaching = highest.filter((value) => value >= begin).length;
  return {
    threshold: begin,
    exceedanceShare: reaching / (bagCount + 1),
    ...tailOfShape(shape, excesses),
  };
}

function excessesOver(threshold: number, ascending: readonly number[]): number[] {
  return ascending.filter((value) => value > threshold).map((value) => value - threshold);
}
