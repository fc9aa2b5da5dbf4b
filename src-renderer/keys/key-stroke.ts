/**
 * One key in writing: the key as the keyboard's layout names it (`KeyboardEvent.key`, letters in
 * lower case), after `Ctrl+`, `Shift+` (letters and named keys only: a sign has its Shift in it)
 * and `Pad ` (the key on the number pad alone). Examples: `c`, `Ctrl+l`, `?`, `F13`, `Pad +`.
 */
export type KeyStroke = string;

/** The part of a KeyboardEvent that choosing a command needs. */
export interface PressedKey {
  readonly key: string;
  readonly ctrlKey: boolean;
  readonly shiftKey: boolean;
  readonly altKey: boolean;
  readonly metaKey: boolean;
  /** KeyboardEvent.location: 3 is the number pad. */
  readonly location: number;
}

const NUMBER_PAD = 3;

/** Keys that move the focus, leave or press what has it: never a command's. */
const RESERVED = ['Tab', 'Escape', 'Enter', ' ', 'ArrowUp', 'ArrowDown', 'ArrowLeft', 'ArrowRight'];
/** What is pressed on the way to another key is no key of its own. */
const MODIFIERS = ['Control', 'Shift', 'Alt', 'AltGraph', 'Meta', 'CapsLock', 'NumLock', 'Dead'];

/**
 * The strokes that a pressed key answers to, the closest first: a number pad's `7` is `Pad 7`
 * where something has that, and `7` otherwise; `C` with Shift is `Shift+c` before it is `c`, so
 * that Caps Lock changes nothing. None for a key that can not be bound.
 */
export function strokesOf(pressed: PressedKey): readonly KeyStroke[] {
  const { key } = pressed;
  const onPad = pressed.location === NUMBER_PAD;
  // The number pad's Enter presses nothing that the main one does not, so only it can be bound.
  if (pressed.altKey || MODIFIERS.includes(key)) return [];
  if (RESERVED.includes(key) && !(onPad && key === 'Enter')) return [];
  const name = key.length === 1 ? key.toLowerCase() : key;
  const shiftCounts = pressed.shiftKey && (name.length > 1 || /\p{L}/u.test(name));
  const ctrl = pressed.ctrlKey || pressed.metaKey ? 'Ctrl+' : '';
  const shifts = shiftCounts ? ['Shift+', ''] : [''];
  const pads = onPad ? ['Pad ', ''] : [''];
  return shifts
    .flatMap((shift) => pads.map((pad) => `${ctrl}${shift}${pad}${name}`))
    .filter((stroke) => !RESERVED.includes(stroke));
}

/** A stroke taken apart for showing. */
function partsOf(stroke: KeyStroke): { before: string[]; key: string } {
  const before: string[] = [];
  let key = stroke;
  for (const prefix of ['Ctrl+', 'Shift+', 'Pad ']) {
    if (!key.startsWith(prefix) || key.length === prefix.length) continue;
    before.push(prefix.replace(/[+ ]$/, ''));
    key = key.slice(prefix.length);
  }
  return { before, key };
}

const SHOWN: Readonly<Record<string, string>> = { '-': '−' };
const ARIA: Readonly<Record<string, string>> = { '+': 'Plus', Ctrl: 'Control' };
const upper = (key: string) => (key.length === 1 ? key.toUpperCase() : key);

/** A stroke as it stands on a control, e.g. `Ctrl L`. */
export function strokeWords(stroke: KeyStroke): string {
  const { before, key } = partsOf(stroke);
  return [...before, SHOWN[key] ?? upper(key)].join(' ');
}

/** A stroke in the form that `aria-keyshortcuts` wants, e.g. `Control+L`; the pad has no name there. */
export function strokeAria(stroke: KeyStroke): string {
  const { before, key } = partsOf(stroke);
  const held = before.filter((name) => name !== 'Pad').map((name) => ARIA[name] ?? name);
  return [...held, ARIA[key] ?? upper(key)].join('+');
}
