import { PhiscanError } from '../../src-shared/domain/phiscan-error';
import {
  anomalyScoreAt,
  benignBagRate,
  fitScale,
  MIN_CALIBRATION_BAGS,
} from '../../src-shared/screening/calibration';
import type { Interval } from '../../src-shared/screening/share-intervals';
import { possibleTrueShares } from '../../src-shared/screening/share-intervals';
import { shuffle } from '../datasets/shuffle';
import { RandomStream } from '../simulator/random-stream';

/** What is left out on either side of the 95 % prediction interval. */
const SIDE = 0.025;

export interface ResplitOptions {
  /** φ whose alarm rates are checked. */
  readonly thresholds: readonly number[];
  readonly resplits: number;
  readonly seed: number;
}

/** What the resplits showed at one φ. */
export interface ResplitFigures {
  readonly threshold: number;
  readonly resplits: number;
  /** Resplits in which the alarms of the other half lay in the prediction interval. */
  readonly inside: number;
  /** … in which fewer, and in which more bags alarmed than the interval allows. */
  readonly below: number;
  readonly above: number;
  /** Mean over the resplits of the share of the other half that alarmed. */
  readonly meanAlarmRate: number;
  /** Mean ends of the prediction interval, as shares of the other half. */
  readonly meanInterval: Interval;
}

/**
 * Splits a list of benign bags into halves again and again: one makes the scale, and at each φ
 * the alarms among the other are counted and held against their 95 % prediction interval, which
 * holds both the calibration's uncertainty and the binomial spread of the count.
 * @param bagMaxima highest tile score of each bag, scored once
 * @throws PhiscanError `calibration-impossible` when a half is too small for a scale
 */
export function resplitCalibration(
  bagMaxima: readonly number[],
  { thresholds, resplits, seed }: ResplitOptions,
): ResplitFigures[] {
  const half = Math.floor(bagMaxima.length / 2);
  if (half < MIN_CALIBRATION_BAGS) {
    throw new PhiscanError(
      'calibration-impossible',
      `Halves of at least ${MIN_CALIBRATION_BAGS} bags were expected, and there are ${bagMaxima.length} bags in all. Score more benign bags.`,
    );
  }
  const tallies = thresholds.map((threshold) => ({
    threshold,
    inside: 0,
    below: 0,
    above: 0,
    alarms: 0,
    lows: 0,
    highs: 0,
  }));
  const order = Uint32Array.from(bagMaxima.keys());
  for (let resplit = 0; resplit < resplits; resplit += 1) {
    shuffle(order, new RandomStream([seed, 'calibration-resplit', resplit]));
    const drawn = Array.from(order, (index) => bagMaxima[index] ?? Number.NaN);
    const scale = fitScale(drawn.slice(0, half));
    const others = drawn.slice(half);
    for (const tally of tallies) {
      const limit = anomalyScoreAt(scale, tally.threshold);
      const alarms = others.filter((score) => score > limit).length;
      const trueShares = possibleTrueShares(scale, benignBagRate(tally.threshold));
      const { low, high } = alarmCountInterval(trueShares, others.length);
      if (alarms < low) tally.below += 1;
      else if (alarms > high) tally.above += 1;
      else tally.inside += 1;
      tally.alarms += alarms;
      tally.lows += low;
      tally.highs += high;
    }
  }
  const bags = (bagMaxima.length - half) * resplits;
  return tallies.map(({ threshold, inside, below, above, alarms, lows, highs }) => ({
    threshold,
    resplits,
    inside,
    below,
    above,
    meanAlarmRate: alarms / bags,
    meanInterval: { low: lows / bags, high: highs / bags },
  }));
}

/**
 * The 95 % prediction interval of the number of alarms among further bags: the smallest and the
 * largest count with at most 2.5 % of the probability beyond it, where the count is binomial and
 * its share is any of the given ones alike.
 */
export function alarmCountInterval(trueShares: Float64Array, bags: number): Interval {
  // Term by term for every share at once: P(c + 1) = P(c) · (m − c) / (c + 1) · p / (1 − p).
  const terms = trueShares.map((share) => bags * Math.log1p(-share));
  let under = 0;
  let low = bags;
  for (let count = 0; count <= bags; count += 1) {
    let sum = 0;
    for (const [i, share] of trueShares.entries()) {
      sum += Math.exp(terms[i] ?? 0);
      terms[i] =
        (terms[i] ?? 0) +
        Math.log((bags - count) / (count + 1)) +
        Math.log(share) -
        Math.log1p(-share);
    }
    const upTo = under + sum / trueShares.length;
    if (low === bags && upTo > SIDE) low = count;
    if (upTo >= 1 - SIDE) return { low, high: count };
    under = upTo;
  }
  return { low, high: bags };
}
