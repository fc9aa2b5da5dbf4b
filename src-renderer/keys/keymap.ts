/** Every command that a key can give, in the order in which the key overlay lists them. */
export const COMMANDS = [
  'clear',
  'search',
  'undo',
  'recall',
  'note',
  'previousRegion',
  'nextRegion',
  'heatmap',
  'opacity',
  'imageOriginal',
  'imageGrey',
  'imageNegative',
  'zoomIn',
  'zoomOut',
  'fit',
  'views',
  'open',
  'lock',
  'keys',
] as const;
export type Command = (typeof COMMANDS)[number];

/** A key as the keyboard's layout names it (KeyboardEvent.key; letters in lower case). */
export interface KeyStroke {
  readonly key: string;
  readonly ctrl?: boolean;
}

/** The first stroke of a command is the one that stands on its control. */
export type Keymap = Readonly<Record<Command, readonly [KeyStroke, ...KeyStroke[]]>>;

export const defaultKeymap: Keymap = {
  clear: [{ key: 'c' }],
  search: [{ key: 's' }],
  undo: [{ key: 'z' }],
  recall: [{ key: 'Backspace' }],
  note: [{ key: 'n' }],
  previousRegion: [{ key: ',' }],
  nextRegion: [{ key: '.' }],
  heatmap: [{ key: 'h' }],
  opacity: [{ key: 'o' }],
  imageOriginal: [{ key: '1' }],
  imageGrey: [{ key: '3' }],
  imageNegative: [{ key: '4' }],
  // Without Shift, many layouts give "=" on the key that carries "+".
  zoomIn: [{ key: '+' }, { key: '=' }],
  zoomOut: [{ key: '-' }],
  fit: [{ key: '0' }],
  views: [{ key: 'v' }],
  open: [{ key: 'o', ctrl: true }],
  lock: [{ key: 'l', ctrl: true }],
  keys: [{ key: '?' }],
};

/** The part of a KeyboardEvent that choosing a command needs. */
export interface PressedKey {
  readonly key: string;
  readonly ctrlKey: boolean;
  readonly altKey: boolean;
  readonly metaKey: boolean;
}

function sameStroke(stroke: KeyStroke, pressed: PressedKey): boolean {
  const key = pressed.key.length === 1 ? pressed.key.toLowerCase() : pressed.key;
  const ctrl = pressed.ctrlKey || pressed.metaKey;
  return stroke.key === key && (stroke.ctrl ?? false) === ctrl && !pressed.altKey;
}

/** The command that a pressed key gives, or null. */
export function commandOf(keymap: Keymap, pressed: PressedKey): Command | null {
  return (
    COMMANDS.find((command) => keymap[command].some((stroke) => sameStroke(stroke, pressed))) ??
    null
  );
}

const SHOWN: Readonly<Record<string, string>> = { '-': '−' };

/** A command's key as it stands on its control, e.g. `Ctrl L`. */
export function keyWords(keymap: Keymap, command: Command): string {
  const [stroke] = keymap[command];
  const shown =
    SHOWN[stroke.key] ?? (stroke.key.length === 1 ? stroke.key.toUpperCase() : stroke.key);
  return stroke.ctrl === true ? `Ctrl ${shown}` : shown;
}

/** The same key in the form that `aria-keyshortcuts` wants, e.g. `Control+L`. */
export function ariaKey(keymap: Keymap, command: Command): string {
  const [stroke] = keymap[command];
  const key =
    stroke.key === '+' ? 'Plus' : stroke.key.length === 1 ? stroke.key.toUpperCase() : stroke.key;
  return stroke.ctrl === true ? `Control+${key}` : key;
}

/** Two commands on one stroke: the later could never be given. Empty when the map is sound. */
export function clashes(keymap: Keymap): readonly (readonly [Command, Command])[] {
  const found: [Command, Command][] = [];
  const taken = new Map<string, Command>();
  for (const command of COMMANDS) {
    for (const stroke of keymap[command]) {
      const name = `${stroke.ctrl === true ? 'ctrl ' : ''}${stroke.key}`;
      const other = taken.get(name);
      if (other === undefined) taken.set(name, command);
      else found.push([other, command]);
    }
  }
  return found;
}
