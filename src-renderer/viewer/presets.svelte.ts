import type { DisplaySteps } from '../../src-shared/imaging/display/display-steps';
import { keepHabit, readHabit } from '../ui/personal-habits';
import { soundSteps } from './sound-steps';

/** Presets that a person can keep. */
export const PRESET_SLOTS = [0, 1, 2] as const;
export type PresetSlot = (typeof PRESET_SLOTS)[number];

const HABIT = 'picture-presets';

/** A person's own combinations of image functions, kept at this workstation. */
export class Presets {
  #kept = $state.raw<readonly (DisplaySteps | null)[]>([]);

  constructor(private readonly accountId: string) {
    const habit = readHabit(accountId, HABIT);
    const kept: readonly unknown[] = Array.isArray(habit) ? habit : [];
    this.#kept = PRESET_SLOTS.map((slot) => soundSteps(kept[slot]));
  }

  /** The steps of a preset; null while it is empty. */
  at(slot: PresetSlot): DisplaySteps | null {
    return this.#kept[slot] ?? null;
  }

  keep(slot: PresetSlot, steps: DisplaySteps): void {
    this.#kept = PRESET_SLOTS.map((other) => (other === slot ? steps : this.at(other)));
    keepHabit(this.accountId, HABIT, this.#kept);
  }
}
