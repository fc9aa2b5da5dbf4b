import type { PixelKind } from '../../src-shared/domain/scan';
import { MOST_DENSITY } from '../../src-shared/imaging/display/display-parameters';
import {
  ORIGINAL_STEPS,
  whyNoMaterial,
  type DensityWindow,
  type DisplaySteps,
} from '../../src-shared/imaging/display/display-steps';
import type { Command } from '../keys/command-keys';

/** One image function: what its key changes in the steps, and whether it is on. */
interface FunctionRule {
  readonly command: Command;
  /** Whether it tells materials apart, which takes two energies. */
  readonly needsMaterial: boolean;
  readonly isOn: (steps: DisplaySteps) => boolean;
  /** Its key pressed: on, off, or a step further. */
  readonly press: (steps: DisplaySteps, kind: PixelKind) => DisplaySteps;
}

/** Each takes the picture's brightest and middle tones further up. */
const GAMMAS = [1, 1.5, 2.2, 0.7] as const;

const colour = (command: Command, wanted: DisplaySteps['colour']): FunctionRule => ({
  command,
  needsMaterial: wanted !== 'grey',
  isOn: (steps) => steps.colour === wanted,
  press: (steps) => ({ ...steps, colour: steps.colour === wanted ? 'palette' : wanted }),
});

const material = (command: Command, wanted: DisplaySteps['material']): FunctionRule => ({
  command,
  needsMaterial: true,
  isOn: (steps) => steps.material === wanted,
  press: (steps) => ({ ...steps, material: steps.material === wanted ? 'all' : wanted }),
});

const density = (command: Command, wanted: 'dense' | 'thin'): FunctionRule => ({
  command,
  needsMaterial: false,
  isOn: (steps) => steps.density === wanted,
  press: (steps) => ({ ...steps, density: steps.density === wanted ? 'all' : wanted }),
});

const flag = (command: Command, name: 'negative' | 'edges' | 'smooth'): FunctionRule => ({
  command,
  needsMaterial: false,
  isOn: (steps) => steps[name],
  press: (steps) => ({ ...steps, [name]: !steps[name] }),
});

const hasWindow = (steps: DisplaySteps): boolean => typeof steps.density === 'object';

/** All image functions in the order of the row; each can be combined with all others. */
const RULES = {
  original: {
    command: 'imageOriginal',
    needsMaterial: false,
    isOn: (steps) => JSON.stringify(steps) === JSON.stringify(ORIGINAL_STEPS),
    press: () => ORIGINAL_STEPS,
  },
  colour: colour('imageColour', 'palette'),
  grey: colour('imageGrey', 'grey'),
  negative: flag('imageNegative', 'negative'),
  organic: material('imageOrganic', 'organic'),
  inorganic: material('imageInorganic', 'inorganic'),
  metal: material('imageMetal', 'metal'),
  dense: density('imageDense', 'dense'),
  thin: density('imageThin', 'thin'),
  edges: flag('imageEdges', 'edges'),
  smooth: flag('imageSmooth', 'smooth'),
  window: {
    command: 'imageWindow',
    needsMaterial: false,
    isOn: hasWindow,
    press: (steps, kind) => ({ ...steps, density: hasWindow(steps) ? 'all' : firstWindow(kind) }),
  },
  gamma: {
    command: 'imageGamma',
    needsMaterial: false,
    isOn: (steps) => steps.gamma !== 1,
    press: (steps) => {
      const next = GAMMAS.findIndex((gamma) => gamma === steps.gamma) + 1;
      return { ...steps, gamma: GAMMAS[next % GAMMAS.length] ?? 1 };
    },
  },
  safe: colour('imageSafe', 'safe'),
} as const satisfies Readonly<Record<string, FunctionRule>>;

export type ImageFunction = keyof typeof RULES;
export const IMAGE_FUNCTIONS = Object.keys(RULES) as readonly ImageFunction[];
export const functionRule = (name: ImageFunction): FunctionRule => RULES[name];

/** Why a function is not to be had on pixels of a kind, or null where it is. */
export function whyUnavailable(
  name: ImageFunction,
  kind: PixelKind,
): 'one-energy' | 'scanner-colours' | null {
  return RULES[name].needsMaterial ? whyNoMaterial(kind) : null;
}

/** What open beam looks like under the steps: the ground on which the picture lies. */
export function groundOf(steps: DisplaySteps): 'light' | 'dark' {
  return steps.negative ? 'dark' : 'light';
}

/** Where a window starts that nobody has set: what most of a bag's content shows. */
function firstWindow(kind: PixelKind): DensityWindow {
  return { from: 0.05 * MOST_DENSITY[kind], to: 0.5 * MOST_DENSITY[kind] };
}

/** Narrower than this, noise is all that a window shows. */
const LEAST_WIDTH = 0.2;

/** The window moved and widened by shares of the whole range; stays in it. A picture without one gets the first. */
export function adjustWindow(
  steps: DisplaySteps,
  kind: PixelKind,
  move: number,
  widen: number,
): DisplaySteps {
  const most = MOST_DENSITY[kind];
  const { from, to } = typeof steps.density === 'object' ? steps.density : firstWindow(kind);
  const width = Math.min(most, Math.max(LEAST_WIDTH, to - from + widen * most));
  const half = width / 2;
  const middle = Math.min(most - half, Math.max(half, (from + to) / 2 + move * most));
  return { ...steps, density: { from: middle - half, to: middle + half } };
}
