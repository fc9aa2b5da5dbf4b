import type { BagEvidence, InsideEvidence, ThreatEvidence } from './bag-evidence';
import type { FrocPoint } from './froc-curve';
import { frocCurve } from './froc-curve';
import type { PixelFigures } from './pixel-figures';
import { PixelRanks } from './pixel-figures';
import type { BagWeights, CurvePoint, OwnedValue } from './ranked-pool';
import { RankedLevels, RankedPool, shareAbove, weightedMean } from './ranked-pool';

/** Shares of benign bags that alarm, at which detection is read. */
export const FALSE_ALARM_RATES = ['0.05', '0.10', '0.20'] as const;
type FalseAlarmRate = (typeof FALSE_ALARM_RATES)[number];
export type AtFar = Readonly<Record<FalseAlarmRate, number>>;

/** Whole bags by their highest tile, wherever it lies. */
export interface BagFigures {
  readonly auroc: number;
  readonly tprAtFar: AtFar;
}

export interface ThreatFigures {
  /** Share of single threats with a tile over them above the level. */
  readonly foundAtFar: AtFar;
  /** Share of bags with known threats in which one of them is found. */
  readonly bagsFoundAtFar: AtFar;
}

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
  readonly threat: ThreatFigures;
  readonly bag: BagFigures;
  /** The bag figures again, on benign bags cut to windows of the threat bags' sizes. */
  readonly sizeMatched: { readonly bag: BagFigures; readonly threat: ThreatFigures };
  /** Threat bags with their threats cut out: how many alarm at a level must not exceed its rate. */
  readonly control: { readonly alarmRateOutsideBoxesAtFar: AtFar };
  /** Where masks tell the threats' pixels. */
  readonly pixel?: PixelFigures;
  /** By class of threat, where boxes or a simulation name one. */
  readonly classes: Readonly<Record<string, ClassFigures>>;
}

/** A method's curves, from the highest level down. */
export interface DetectionCurves {
  /** Threat bags against benign bags. */
  readonly bags: readonly CurvePoint[];
  /** Tiles on threats against tiles of benign bags. */
  readonly patches: readonly CurvePoint[];
  readonly froc: readonly FrocPoint[];
}

/** Figures of one class of threats. */
export interface ClassFigures {
  readonly threats: number;
  readonly bags: number;
  /** Mean over the class's threats. */
  readonly withinBagAuroc: number;
  readonly foundAtFar: AtFar;
  /** Share of the bags that hold the class in which a threat of it is found. */
  readonly bagsFoundAtFar: AtFar;
}

/** In place of a class: threats of every class. */
const ALL_CLASSES = null;

interface OwnedThreat extends ThreatEvidence {
  readonly bag: number;
}

/** A method's figures, from numbers ranked once, for any weights of the bags. */
export class MethodFigures {
  readonly #patches: RankedPool;
  readonly #bags: RankedPool;
  readonly #windows: RankedPool;
  readonly #pixels: PixelRanks | null;
  readonly #marks: readonly OwnedValue[];
  readonly #benignBags: number;
  readonly #levels: RankedLevels;
  readonly #windowLevels: RankedLevels;
  readonly #highest: readonly OwnedValue[];
  readonly #inside: readonly { readonly bag: number; readonly evidence: InsideEvidence }[];
  /** The threats of each class, and of all. */
  readonly #threatsByClass: ReadonlyMap<string | null, readonly OwnedThreat[]>;

  /** The bags' order is that of the weights: benign bags first, then threat bags. */
  constructor(benign: readonly BagEvidence[], threat: readonly BagEvidence[]) {
    const first = benign.length;
    const benignHighest = benign.map(({ highest: value }, bag) => ({ value, bag }));
    const windows = benign.flatMap((evidence, bag) =>
      evidence.windows.map(({ highest: value, amount }) => ({ value, bag, amount })),
    );
    this.#highest = threat.map(({ highest: value }, at) => ({ value, bag: first + at }));
    this.#patches = new RankedPool(
      benign.flatMap(({ besides }, bag) => owned(besides, bag)),
      threat.flatMap(({ onThreat }, at) => owned(onThreat, first + at)),
    );
    this.#bags = new RankedPool(benignHighest, this.#highest);
    this.#windows = new RankedPool(windows, this.#highest);
    this.#pixels = PixelRanks.of(benign, threat);
    this.#marks = benign.flatMap(({ peaks }, bag) => owned(peaks, bag));
    this.#benignBags = first;
    this.#levels = new RankedLevels(benignHighest);
    this.#windowLevels = new RankedLevels(windows);
    this.#inside = threat.flatMap(({ inside }, at) =>
      inside === null ? [] : [{ bag: first + at, evidence: inside }],
    );
    this.#threatsByClass = threatsByClass(this.#inside);
  }

  /** The benign bags' levels, above which a bag or a tile alarms. */
  levels(weights: BagWeights): AtFar {
    return levelsAtFar(this.#levels, weights);
  }

  /** All figures of the bags with these weights. */
  figures(weights: BagWeights): DetectionFigures {
    const inside = (valueOf: (evidence: InsideEvidence) => number) =>
      this.#inside.map(({ bag, evidence }) => ({ value: valueOf(evidence), bag }));
    const levels = this.levels(weights);
    const windowLevels = levelsAtFar(this.#windowLevels, weights);
    const outside = inside(({ highestOutside }) => highestOutside);
    return {
      patch: {
        auroc: this.#patches.auroc(weights),
        aupr: this.#patches.averagePrecision(weights),
      },
      withinBag: {
        auroc: weightedMean(defined(inside(({ auroc }) => auroc)), weights),
        hitAt1: weightedMean(
          inside(({ hit }) => hit),
          weights,
        ),
        hitAt1Chance: weightedMean(
          inside(({ hitChance }) => hitChance),
          weights,
        ),
      },
      threat: this.#threatFigures(weights, levels),
      bag: {
        auroc: this.#bags.auroc(weights),
        tprAtFar: sharesAbove(this.#highest, weights, levels),
      },
      sizeMatched: {
        bag: {
          auroc: this.#windows.auroc(weights),
          tprAtFar: sharesAbove(this.#highest, weights, windowLevels),
        },
        threat: this.#threatFigures(weights, windowLevels),
      },
      ...(this.#pixels === null ? {} : { pixel: this.#pixels.figures(weights) }),
      control: { alarmRateOutsideBoxesAtFar: sharesAbove(outside, weights, levels) },
      classes: this.#classes(weights, levels),
    };
  }

  curves(weights: BagWeights): DetectionCurves {
    const threats = this.#threatsByClass.get(ALL_CLASSES) ?? [];
    const highest = threats.map(({ highest: value, bag }) => ({ value, bag }));
    return {
      bags: this.#bags.curve(weights),
      patches: this.#patches.curve(weights),
      froc: frocCurve(this.#marks, highest, this.#benignBags, weights),
    };
  }

  #threatFigures(
    weights: BagWeights,
    levels: AtFar,
    name: string | null = ALL_CLASSES,
  ): ThreatFigures {
    const threats = this.#threatsByClass.get(name) ?? [];
    const highestOfBag = new Map<number, number>();
    for (const { highest, bag } of threats) {
      highestOfBag.set(bag, Math.max(highest, highestOfBag.get(bag) ?? Number.NEGATIVE_INFINITY));
    }
    const singles = threats.map(({ highest: value, bag }) => ({ value, bag }));
    const bags = [...highestOfBag].map(([bag, value]) => ({ value, bag }));
    return {
      foundAtFar: sharesAbove(singles, weights, levels),
      bagsFoundAtFar: sharesAbove(bags, weights, levels),
    };
  }

  #classes(weights: BagWeights, levels: AtFar): Record<string, ClassFigures> {
    const names = [...this.#threatsByClass.keys()].filter((name) => name !== ALL_CLASSES).sort();
    return Object.fromEntries(
      names.map((name) => {
        const threats = this.#threatsByClass.get(name) ?? [];
        const aurocs = threats.map(({ auroc: value, bag }) => ({ value, bag }));
        return [
          name,
          {
            threats: threats.length,
            bags: new Set(threats.map(({ bag }) => bag)).size,
            withinBagAuroc: weightedMean(defined(aurocs), weights),
            ...this.#threatFigures(weights, levels, name),
          },
        ];
      }),
    );
  }
}

/** Every figure under its path, such as `threat.foundAtFar.0.10`; counts of bags are left out. */
export function flatFigures(figures: DetectionFigures): Record<string, number> {
  // Named one by one: a row of a report has more in it than figures.
  const { patch, withinBag, threat, bag, sizeMatched, control, pixel, classes } = figures;
  const flat: Record<string, number> = {};
  const add = (value: unknown, path: string): void => {
    if (typeof value === 'number') flat[path] = value;
    else if (typeof value === 'object' && value !== null) {
      for (const [name, part] of Object.entries(value)) {
        if (name === 'threats' || name === 'bags') continue;
        add(part, path === '' ? name : `${path}.${name}`);
      }
    }
  };
  add({ patch, withinBag, threat, bag, sizeMatched, control, pixel, classes }, '');
  return flat;
}

function threatsByClass(
  inside: readonly { readonly bag: number; readonly evidence: InsideEvidence }[],
): Map<string | null, OwnedThreat[]> {
  const byClass = new Map<string | null, OwnedThreat[]>([[ALL_CLASSES, []]]);
  for (const { bag, evidence } of inside) {
    for (const threat of evidence.threats) {
      for (const name of [ALL_CLASSES, threat.class]) {
        const ofClass = byClass.get(name) ?? [];
        ofClass.push({ ...threat, bag });
        byClass.set(name, ofClass);
      }
    }
  }
  return byClass;
}

function owned(values: Float64Array, bag: number): OwnedValue[] {
  return Array.from(values, (value) => ({ value, bag }));
}

function defined(values: readonly OwnedValue[]): OwnedValue[] {
  return values.filter(({ value }) => !Number.isNaN(value));
}

function levelsAtFar(levels: RankedLevels, weights: BagWeights): AtFar {
  return atFar((rate) => levels.levelAt(weights, Number(rate)));
}

function sharesAbove(values: readonly OwnedValue[], weights: BagWeights, levels: AtFar): AtFar {
  return atFar((rate) =>
    Number.isNaN(levels[rate]) ? Number.NaN : shareAbove(values, weights, levels[rate]),
  );
}

function atFar(of: (rate: FalseAlarmRate) => number): AtFar {
  return { '0.05': of('0.05'), '0.10': of('0.10'), '0.20': of('0.20') };
}
