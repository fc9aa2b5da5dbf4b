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
