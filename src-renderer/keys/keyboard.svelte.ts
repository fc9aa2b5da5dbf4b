import { keepHabit, readHabit } from '../ui/personal-habits';
import type { Command } from './command-keys';
import { strokeAria, strokesOf, strokeWords, type KeyStroke, type PressedKey } from './key-stroke';
import {
  commandOf,
  keymapOf,
  soundHabit,
  takenBy,
  type KeyHabit,
  type Keymap,
  type KeyProfile,
} from './keymap';

const HABIT = 'keys';

/** Why a key was not taken for a command. */
export type KeyRefusal =
  | { readonly why: 'reserved' }
  | { readonly why: 'taken'; readonly by: Command; readonly stroke: KeyStroke };

/** The keys in force at this window; what shows or reads a key follows its changes. */
class Keyboard {
  #habit = $state.raw<KeyHabit>({ profile: 'standard', edits: {} });
  #accountId: string | null = null;
  readonly keymap: Keymap = $derived(keymapOf(this.#habit.profile, this.#habit.edits));
  readonly profile: KeyProfile = $derived(this.#habit.profile);

  /** Takes up the keys of the person who works here now. */
  use(accountId: string): void {
    this.#accountId = accountId;
    this.#habit = soundHabit(readHabit(accountId, HABIT));
  }

  /** Turns to another profile; changes of single keys are left behind with the old one. */
  choose(profile: KeyProfile): void {
    this.#keep({ profile, edits: {} });
  }

  /** Whether a command has another key than the profile gives it. */
  isEdited(command: Command): boolean {
    return this.#habit.edits[command] !== undefined;
  }

  /** Gives a command the pressed key instead of its own; says why when that can't be. */
  bind(command: Command, pressed: PressedKey): KeyRefusal | null {
    const [stroke] = strokesOf(pressed);
    // Ctrl belongs to the system and its menu.
    if (stroke === undefined || stroke.startsWith('Ctrl+')) return { why: 'reserved' };
    const by = takenBy(this.keymap, stroke, command);
    if (by !== null) return { why: 'taken', by, stroke };
    const { profile, edits } = this.#habit;
    this.#keep({ profile, edits: { ...edits, [command]: [stroke] } });
    return null;
  }

  /** The profile's own keys again. */
  reset(): void {
    this.#keep({ profile: this.#habit.profile, edits: {} });
  }

  /** The command that a pressed key gives, or null. */
  commandOf(pressed: PressedKey): Command | null {
    return commandOf(this.keymap, pressed);
  }

  /** A command's key as it stands on its control, e.g. `Ctrl L`. */
  words(command: Command): string {
    return strokeWords(this.keymap[command][0]);
  }

  /** All keys of a command. */
  allWords(command: Command): readonly string[] {
    return this.keymap[command].map(strokeWords);
  }

  /** The same key in the form that `aria-keyshortcuts` wants, e.g. `Control+L`. */
  aria(command: Command): string {
    return strokeAria(this.keymap[command][0]);
  }

  #keep(habit: KeyHabit): void {
    this.#habit = habit;
    if (this.#accountId !== null) keepHabit(this.#accountId, HABIT, habit);
  }
}

export const keyboard = new Keyboard();
