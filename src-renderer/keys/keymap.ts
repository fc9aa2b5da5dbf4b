import {
  COMMAND_KEYS,
  COMMANDS,
  type Command,
  type CommandKeys,
  type Strokes,
} from './command-keys';
import { strokesOf, type KeyStroke, type PressedKey } from './key-stroke';

export const KEY_PROFILES = ['standard', 'leftHanded', 'dedicated'] as const;
export type KeyProfile = (typeof KEY_PROFILES)[number];

/** What one person has changed in a profile. */
export type KeyEdits = Readonly<Partial<Record<Command, Strokes>>>;

/** The keys in force; the first stroke of a command is the one that stands on its control. */
export type Keymap = Readonly<Record<Command, Strokes>>;

/** A profile's keys with a person's changes laid over them. */
export function keymapOf(profile: KeyProfile, edits: KeyEdits): Keymap {
  const entries = COMMANDS.map((command) => {
    const keys: CommandKeys = COMMAND_KEYS[command];
    return [command, edits[command] ?? keys[profile] ?? keys.standard] as const;
  });
  return Object.fromEntries(entries) as Record<Command, Strokes>;
}

/** The command that a pressed key gives, or null. */
export function commandOf(keymap: Keymap, pressed: PressedKey): Command | null {
  for (const stroke of strokesOf(pressed)) {
    const command = COMMANDS.find((candidate) => keymap[candidate].includes(stroke));
    if (command !== undefined) return command;
  }
  return null;
}

/** Who else has a stroke; null when it is free, or the command's own. */
export function takenBy(keymap: Keymap, stroke: KeyStroke, command: Command): Command | null {
  const holder = COMMANDS.find((other) => keymap[other].includes(stroke));
  return holder === undefined || holder === command ? null : holder;
}

/** What one person keeps of the keys. */
export interface KeyHabit {
  readonly profile: KeyProfile;
  readonly edits: KeyEdits;
}

/**
 * A habit as it was kept, without what no longer holds: commands that are gone, and keys that
 * another command has by now. Anything else than a habit gives the standard keys.
 */
export function soundHabit(kept: unknown): KeyHabit {
  const { profile, edits }: { profile?: unknown; edits?: unknown } =
    typeof kept === 'object' && kept !== null ? kept : {};
  const known = KEY_PROFILES.find((name) => name === profile) ?? 'standard';
  let sound: KeyEdits = Object.fromEntries(
    COMMANDS.flatMap((command) => {
      const strokes = strokesIn(edits, command);
      return strokes === null ? [] : [[command, strokes]];
    }),
  );
  // Dropping one gives its command the profile's key back, which another may have by now.
  for (let clashing = clashingIn(known, sound); clashing.size > 0;) {
    const kept = Object.entries(sound).filter(([command]) => !clashing.has(command));
    sound = Object.fromEntries(kept);
    clashing = clashingIn(known, sound);
  }
  return { profile: known, edits: sound };
}

/** The edited commands that share a key with another. */
function clashingIn(profile: KeyProfile, edits: KeyEdits): ReadonlySet<string> {
  const found = clashes(keymapOf(profile, edits)).flat();
  return new Set(found.filter((command) => edits[command] !== undefined));
}

function strokesIn(edits: unknown, command: Command): Strokes | null {
  if (typeof edits !== 'object' || edits === null) return null;
  const strokes: unknown = (edits as Readonly<Record<string, unknown>>)[command];
  if (!Array.isArray(strokes)) return null;
  const [first, ...others] = strokes.filter(
    (stroke): stroke is string => typeof stroke === 'string' && stroke !== '',
  );
  return first === undefined ? null : [first, ...others];
}

/** Two commands on one stroke: the later could never be given. Empty when the map is sound. */
export function clashes(keymap: Keymap): readonly (readonly [Command, Command])[] {
  const found: [Command, Command][] = [];
  const taken = new Map<KeyStroke, Command>();
  for (const command of COMMANDS) {
    for (const stroke of keymap[command]) {
      const other = taken.get(stroke);
      if (other === undefined) taken.set(stroke, command);
      else found.push([other, command]);
    }
  }
  return found;
}
