import { highestOf } from './tile-set';
import type { MeasuredBag } from './measured-bag';
import type { MethodEvidence } from './method-evidence';

/** A bag that the model gets wrong at the 10 % level. */
export interface WorstBag {
  readonly name: string;
  /** Of a missed bag the highest tile over a threat, of a false alarm the highest tile. */
  readonly anomalyScore: number;
  /** Share of the benign bags whose highest tile reaches that score. */
  readonly benignShare: number;
  readonly classes: readonly string[];
}

export interface WorstBags {
  /** Threat bags without an alarm on a threat, the lowest score first. */
  readonly misses: readonly WorstBag[];
  /** Benign bags that alarm, the highest score first. */
  readonly falseAlarms: readonly WorstBag[];
}

/**
 * The bags worth looking at. Where no threat bag's threats are known, a miss is a threat bag that
 * does not alarm at all.
 * @param level the model's level at 10 % false alarms
 */
export function worstBags(
  evidence: MethodEvidence,
  benign: readonly MeasuredBag[],
  threat: readonly MeasuredBag[],
  level: number,
): WorstBags {
  const benignHighest = evidence.benign.map(({ highest }) => highest);
  const worst = (bag: MeasuredBag, anomalyScore: number): WorstBag => ({
    name: bag.name,
    anomalyScore,
    benignShare:
      benignHighest.filter((highest) => highest >= anomalyScore).length / benignHighest.length,
    classes: [...new Set((bag.threats ?? []).map((known) => known.class))].sort(),
  });
  const anyInside = evidence.threat.some(({ inside }) => inside !== null);
  const misses = threat.flatMap((bag, at) => {
    const { inside, highest } = evidence.threat[at] ?? { inside: null, highest: Number.NaN };
    if (anyInside && inside === null) return [];
    const best = inside === null ? highest : highestOf(inside.threats.map((one) => one.highest));
    return best > level ? [] : [worst(bag, best)];
  });
  const falseAlarms = benign.flatMap((bag, at) => {
    const highest = benignHighest[at] ?? Number.NaN;
    return highest > level ? [worst(bag, highest)] : [];
  });
  return {
    misses: misses.sort((a, b) => a.anomalyScore - b.anomalyScore),
    falseAlarms: falseAlarms.sort((a, b) => b.anomalyScore - a.anomalyScore),
  };
}
