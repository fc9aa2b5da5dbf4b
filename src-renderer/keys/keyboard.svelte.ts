import type { Command } from './command-keys';
import { strokeAria, strokeWords, type PressedKey } from './key-stroke';
import { commandOf, keymapOf, type KeyEdits, type Keymap, type KeyProfile } from './keymap';

/** The keys in force at this window; what shows or reads a key follows its changes. */
class Keyboard {
  profile = $state<KeyProfile>('standard');
  edits = $state.raw<KeyEdits>({});
  readonly keymap: Keymap = $derived(keymapOf(this.profile, this.edits));

  /** The command that a pressed key gives, or null. */
  commandOf(pressed: PressedKey): Command | null {
    return commandOf(this.keymap, pressed);
  }

  /** A command's key as it stands on its control, e.g. `Ctrl L`. */
  words(command: Command): string {
    return strokeWords(this.keymap[command][0]);
  }

  /** The same key in the form that `aria-keyshortcuts` wants, e.g. `Control+L`. */
  aria(command: Command): string {
    return strokeAria(this.keymap[command][0]);
  }
}

export const keyboard = new Keyboard();
