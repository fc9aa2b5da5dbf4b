import type { KeyStroke } from './key-stroke';

/** Sections of the key overlay. */
export const COMMAND_GROUPS = ['deciding', 'finding', 'picture', 'program'] as const;
export type CommandGroup = (typeof COMMAND_GROUPS)[number];

/** Several keys for one command; the first is the one that stands on its control. */
export type Strokes = readonly [KeyStroke, ...KeyStroke[]];

/**
 * The keys that a command has before anyone changes them, by profile:
 * - `standard`: the left hand on the letters, the mouse in the right;
 * - `leftHanded`: the mouse in the left hand, the right one on the letters' right half, with the
 *   number pad for the digits;
 * - `dedicated`: a screening keyboard whose keys are programmed to F1–F24, which nothing else uses.
 * Where a profile says nothing it has the standard key.
 */
export interface CommandKeys {
  readonly group: CommandGroup;
  readonly standard: Strokes;
  readonly leftHanded?: Strokes;
  readonly dedicated?: Strokes;
}

/** Every command that a key can give, in the order in which the key overlay lists them. */
export const COMMAND_KEYS = {
  clear: { group: 'deciding', standard: ['c'], leftHanded: ['j'], dedicated: ['F13'] },
  search: { group: 'deciding', standard: ['s'], leftHanded: ['l'], dedicated: ['F16'] },
  undo: { group: 'deciding', standard: ['z'], leftHanded: ['u'], dedicated: ['F15'] },
  recall: { group: 'deciding', standard: ['Backspace'], dedicated: ['F18'] },
  note: { group: 'deciding', standard: ['n'], dedicated: ['F19'] },
  markBox: { group: 'deciding', standard: ['w'] },
  markPoint: { group: 'deciding', standard: ['p'] },
  markLine: { group: 'deciding', standard: ['q'] },
  markRegion: { group: 'deciding', standard: ['k'], dedicated: ['F17'] },
  removeMark: { group: 'deciding', standard: ['Delete'] },
  rescan: { group: 'deciding', standard: ['F8'], dedicated: ['F14'] },
  pause: { group: 'program', standard: ['F9'], dedicated: ['F24'] },
  previousRegion: { group: 'finding', standard: [','], dedicated: ['F20'] },
  nextRegion: { group: 'finding', standard: ['.'], dedicated: ['F21'] },
  heatmap: { group: 'finding', standard: ['h'], dedicated: ['F9'] },
  opacity: { group: 'finding', standard: ['o'], dedicated: ['F10'] },
  overlayMode: { group: 'finding', standard: ['i'], leftHanded: ['v'], dedicated: ['F23'] },
  imageOriginal: { group: 'picture', standard: ['1'], dedicated: ['F1'] },
  imageColour: { group: 'picture', standard: ['2'], dedicated: ['F2'] },
  imageGrey: { group: 'picture', standard: ['3'], dedicated: ['F3'] },
  imageNegative: { group: 'picture', standard: ['4'], dedicated: ['F4'] },
  imageOrganic: { group: 'picture', standard: ['5'], dedicated: ['F5'] },
  imageInorganic: { group: 'picture', standard: ['6'], dedicated: ['F6'] },
  imageMetal: { group: 'picture', standard: ['7'], dedicated: ['F7'] },
  imageDense: { group: 'picture', standard: ['8'], dedicated: ['F8'] },
  imageThin: { group: 'picture', standard: ['9'] },
  imageEdges: { group: 'picture', standard: ['e'] },
  imageSmooth: { group: 'picture', standard: ['f'] },
  imageWindow: { group: 'picture', standard: ['d'] },
  windowLighter: { group: 'picture', standard: ['PageUp'] },
  windowDarker: { group: 'picture', standard: ['PageDown'] },
  windowWider: { group: 'picture', standard: ['Shift+PageUp'] },
  windowNarrower: { group: 'picture', standard: ['Shift+PageDown'] },
  imageGamma: { group: 'picture', standard: ['g'] },
  imageSafe: { group: 'picture', standard: ['b'] },
  preset1: { group: 'picture', standard: ['F5'], dedicated: ['Shift+F5'] },
  preset2: { group: 'picture', standard: ['F6'], dedicated: ['Shift+F6'] },
  preset3: { group: 'picture', standard: ['F7'], dedicated: ['Shift+F7'] },
  keepPreset1: { group: 'picture', standard: ['Shift+F5'], dedicated: ['Ctrl+F5'] },
  keepPreset2: { group: 'picture', standard: ['Shift+F6'], dedicated: ['Ctrl+F6'] },
  keepPreset3: { group: 'picture', standard: ['Shift+F7'], dedicated: ['Ctrl+F7'] },
  magnifier: { group: 'picture', standard: ['m'] },
  ruler: { group: 'picture', standard: ['t'] },
  angle: { group: 'picture', standard: ['y'] },
  turn: { group: 'picture', standard: ['r'] },
  flip: { group: 'picture', standard: ['x'] },
  // Without Shift, many layouts give "=" on the key that carries "+".
  zoomIn: { group: 'picture', standard: ['+', '='] },
  zoomOut: { group: 'picture', standard: ['-'] },
  fit: { group: 'picture', standard: ['0'] },
  actualSize: { group: 'picture', standard: ['a'] },
  views: { group: 'picture', standard: ['v'], leftHanded: ['i'], dedicated: ['F22'] },
  open: { group: 'program', standard: ['Ctrl+o'] },
  lock: { group: 'program', standard: ['Ctrl+l'] },
  keys: { group: 'program', standard: ['?'] },
} as const satisfies Readonly<Record<string, CommandKeys>>;

export type Command = keyof typeof COMMAND_KEYS;

export const COMMANDS = Object.keys(COMMAND_KEYS) as readonly Command[];
