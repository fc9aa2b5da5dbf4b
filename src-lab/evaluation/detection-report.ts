import type { Calibration } from '../../src-shared/domain/model-bundle';
import { displayScore } from '../../src-shared/screening/calibration';
import type { BagEvidence, Method } from './bag-evidence';
import type { Interval } from './bootstrap';
import { bootstrapIntervals } from './bootstrap';
import type { ClassFigures, DetectionFigures } from './detection-figures';
import {
  FALSE_ALARM_RATES,
  bagFigures,
  detectionFigures,
  figuresByClass,
} from './detection-figures';

export interface DetectionReport extends DetectionFigures {
  /** By class of threat, where boxes or a simulation name one. */
  readonly classes: Readonly<Record<string, ClassFigures>>;
  /** Share of bags that alarm at φ by the bundle's own scale; null without a calibration. */
  readonly alarmRateAtPhi: {
    readonly phi: number;
    readonly benign: number;
    readonly threat: number;
  } | null;
  /** The same figures of darkness on the same tiles. */
  readonly baseline: DetectionFigures & {
    readonly classes: Readonly<Record<string, ClassFigures>>;
  };
  /**
   * 95 % intervals by bootstrap over bags, by the figure's path; `difference.…` is the model
   * minus the baseline on the same draws.
   */
  readonly intervals: Readonly<Record<string, Interval | null>>;
  readonly n: {
    readonly benignBags: number;
    readonly threatBags: number;
    readonly labelledBags: number;
    readonly boxes: number;
    readonly patches: number;
  };
}

/**
 * Everything that the evidence says about detection, with the darkness baseline beside it.
 * @param bootstrapRounds 0 leaves the intervals out
 */
export function detectionReport(
  benign: readonly BagEvidence[],
  threat: readonly BagEvidence[],
  options: {
    readonly calibration: Calibration | null;
    readonly phi: number;
    readonly bootstrapRounds: number;
    readonly seed: number;
  },
): DetectionReport {
  const labelled = threat.filter((bag) => bag.labelled);
  const all = [...benign, ...threat];
  return {
    ...detectionFigures(benign, threat, 'model'),
    classes: figuresByClass(benign, threat, 'model'),
    alarmRateAtPhi: alarmRateAtPhi(benign, threat, options),
    baseline: {
      ...detectionFigures(benign, threat, 'darkness'),
      classes: figuresByClass(benign, threat, 'darkness'),
    },
    intervals:
      options.bootstrapRounds === 0
        ? {}
        : bootstrapIntervals(
            [benign, threat],
            ([drawnBenign = [], drawnThreat = []]) => comparedFigures(drawnBenign, drawnThreat),
            options.bootstrapRounds,
            options.seed,
          ),
    n: {
      benignBags: benign.length,
      threatBags: threat.length,
      labelledBags: labelled.length,
      boxes: labelled.reduce((sum, bag) => sum + bag.byMethod.model.threats.length, 0),
      patches: all.reduce((sum, bag) => sum + bag.tiles, 0),
    },
  };
}

function alarmRateAtPhi(
  benign: readonly BagEvidence[],
  threat: readonly BagEvidence[],
  { calibration, phi }: { readonly calibration: Calibration | null; readonly phi: number },
): DetectionReport['alarmRateAtPhi'] {
  if (calibration === null) return null;
  const rate = (bags: readonly BagEvidence[]) =>
    bags.filter((bag) => displayScore(calibration, bag.byMethod.model.highest) > phi).length /
    bags.length;
  return { phi, benign: rate(benign), threat: rate(threat) };
}

/** The model's figures, the baseline's, and their differences, each under its path. */
function comparedFigures(
  benign: readonly BagEvidence[],
  threat: readonly BagEvidence[],
): Record<string, number> {
  const model = flatFigures(benign, threat, 'model');
  const baseline = flatFigures(benign, threat, 'darkness');
  const compared: Record<string, number> = { ...model };
  for (const [name, value] of Object.entries(baseline)) {
    compared[`baseline.${name}`] = value;
    compared[`difference.${name}`] = (model[name] ?? Number.NaN) - value;
  }
  return compared;
}

function flatFigures(
  benign: readonly BagEvidence[],
  threat: readonly BagEvidence[],
  method: Method,
): Record<string, number> {
  const { withinBag, threat: found, bag } = bagFigures(benign, threat, method);
  const flat: Record<string, number> = {
    'withinBag.auroc': withinBag.auroc,
    'withinBag.hitAt1': withinBag.hitAt1,
    'bag.auroc': bag.auroc,
  };
  for (const rate of FALSE_ALARM_RATES) {
    flat[`threat.foundAtFar.${rate}`] = found.foundAtFar[rate];
    flat[`threat.bagsFoundAtFar.${rate}`] = found.bagsFoundAtFar[rate];
    flat[`bag.tprAtFar.${rate}`] = bag.tprAtFar[rate];
  }
  return flat;
}
