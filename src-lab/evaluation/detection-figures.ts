import type { BagEvidence, Method } from './bag-evidence';
import { auroc, averagePrecision, shareAbove, thresholdAtRate } from './ranking-metrics';

/** Shares of benign bags that alarm, at which detection is read. */
export const FALSE_ALARM_RATES = ['0.05', '0.10', '0.20'] as const;
type FalseAlarmRate = (typeof FALSE_ALARM_RATES)[number];
export type AtFar = Readonly<Record<FalseAlarmRate, number>>;

/** Figures of one method. NaN where the bags say nothing about it, for example without boxes. */
export interface DetectionFigures {
  /** Tiles on threats against all tiles of benign bags. */
  readonly patch: { readonly auroc: number; readonly aupr: number };
  /** Inside threat bags, where no difference between the two folders can help. */
  readonly withinBag: {
    /** Mean over bags. */
    readonly auroc: number;
    readonly hitAt1: number;
    readonly hitAt1Chance: number;
  };
  readonly threat: {
    /** Share of single threats with a tile over them above the level. */
    readonly foundAtFar: AtFar;
    /** Share of bags with known threats in which one of them is found. */
    readonly bagsFoundAtFar: AtFar;
  };
  /** Whole bags by their highest tile, wherever it lies. */
  readonly bag: { readonly auroc: number; readonly tprAtFar: AtFar };
}

/** Figures of one class of threats. */
export interface ClassFigures {
  readonly threats: number;
  readonly bags: number;
  readonly withinBagAuroc: number;
  readonly foundAtFar: AtFar;
}

/** All figures of a method but those of pooled tiles, which are the costly ones. */
export function bagFigures(
  benign: readonly BagEvidence[],
  threat: readonly BagEvidence[],
  method: Method,
): Omit<DetectionFigures, 'patch'> {
  const benignHighest = benign.map((bag) => bag.byMethod[method].highest);
  const threatHighest = threat.map((bag) => bag.byMethod[method].highest);
  const labelled = threat.filter((bag) => bag.labelled);
  const within = labelled
    .map((bag) => bag.byMethod[method].withinBagAuroc)
    .filter((value) => !Number.isNaN(value));
  const ofThreats = labelled.flatMap((bag) => bag.byMethod[method].threats);
  const ofBags = labelled.map((bag) =>
    Math.max(...bag.byMethod[method].threats.map(({ highest }) => highest)),
  );
  const atFar = (values: readonly number[]) => foundAtFar(benignHighest, values);
  return {
    withinBag: {
      auroc: mean(within),
      hitAt1: mean(labelled.map((bag) => bag.byMethod[method].hit)),
      hitAt1Chance: mean(labelled.map((bag) => bag.hitChance)),
    },
    threat: {
      foundAtFar: atFar(ofThreats.map(({ highest }) => highest)),
      bagsFoundAtFar: atFar(ofBags),
    },
    bag: { auroc: auroc(benignHighest, threatHighest), tprAtFar: atFar(threatHighest) },
  };
}

export function detectionFigures(
  benign: readonly BagEvidence[],
  threat: readonly BagEvidence[],
  method: Method,
): DetectionFigures {
  const negatives = pooled(benign.map((bag) => bag.byMethod[method].besides));
  const positives = pooled(threat.map((bag) => bag.byMethod[method].onThreat));
  return {
    patch: { auroc: auroc(negatives, positives), aupr: averagePrecision(negatives, positives) },
    ...bagFigures(benign, threat, method),
  };
}

/** Figures of each class that the threat bags' boxes name, in order of name. */
export function figuresByClass(
  benign: readonly BagEvidence[],
  threat: readonly BagEvidence[],
  method: Method,
): Readonly<Record<string, ClassFigures>> {
  const benignHighest = benign.map((bag) => bag.byMethod[method].highest);
  const classes = [...new Set(threat.flatMap((bag) => bag.classes))].sort();
  return Object.fromEntries(
    classes.map((name) => {
      const bags = threat.filter((bag) => bag.classes.includes(name));
      const ofClass = bags.flatMap((bag) =>
        bag.byMethod[method].threats.filter((found) => found.class === name),
      );
      const figures: ClassFigures = {
        threats: ofClass.length,
        bags: bags.length,
        withinBagAuroc: mean(ofClass.map((found) => found.auroc).filter((x) => !Number.isNaN(x))),
        foundAtFar: foundAtFar(
          benignHighest,
          ofClass.map((found) => found.highest),
        ),
      };
      return [name, figures];
    }),
  );
}

function foundAtFar(benignHighest: readonly number[], values: readonly number[]): AtFar {
  const at = (rate: FalseAlarmRate) =>
    shareAbove(values, thresholdAtRate(benignHighest, Number(rate)));
  return { '0.05': at('0.05'), '0.10': at('0.10'), '0.20': at('0.20') };
}

/** Mean; NaN of nothing. */
function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

function pooled(parts: readonly Float64Array[]): Float64Array {
  const all = new Float64Array(parts.reduce((sum, part) => sum + part.length, 0));
  let offset = 0;
  for (const part of parts) {
    all.set(part, offset);
    offset += part.length;
  }
  return all;
}
