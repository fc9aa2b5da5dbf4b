import type { PixelKind } from '../../src-shared/domain/scan';
import type { DisplayParameters } from '../../src-shared/imaging/display/display-parameters';
import { ORIGINAL_STEPS, type DisplaySteps } from '../../src-shared/imaging/display/display-steps';
import { adjustWindow, functionRule, whyUnavailable, type ImageFunction } from './image-function';
import { KnownParameters } from './known-parameters';
import type { Presets, PresetSlot } from './presets.svelte';

export interface PresetNews {
  readonly slot: PresetSlot;
  readonly did: 'shown' | 'kept' | 'empty';
}

/** Which image functions are on, and what is shown while one is held to compare. */
export class PictureSteps {
  /** What is on; `shown` differs from it while the original is held. */
  chosen = $state.raw<DisplaySteps>(ORIGINAL_STEPS);
  comparing = $state(false);
  /** A function that was asked for and is not to be had on this picture. */
  refused = $state<ImageFunction | null>(null);
  /** What a preset's key did last. */
  presetNews = $state.raw<PresetNews | null>(null);
  readonly shown: DisplaySteps = $derived(this.comparing ? ORIGINAL_STEPS : this.chosen);

  readonly #known = new KnownParameters();

  /** Switches a function on, off or a step further; refuses what the pixels can't give. */
  press(name: ImageFunction, kind: PixelKind): void {
    this.refused = whyUnavailable(name, kind) === null ? null : name;
    this.presetNews = null;
    if (this.refused === null) this.chosen = functionRule(name).press(this.chosen, kind);
  }

  /** Moves and widens the density window by shares of the whole range; switches it on. */
  adjustWindow(kind: PixelKind, move: number, widen: number): void {
    this.chosen = adjustWindow(this.chosen, kind, move, widen);
  }

  /** Shows a preset; one that is empty is only told of. */
  usePreset(slot: PresetSlot, presets: Presets): void {
    const steps = presets.at(slot);
    this.refused = null;
    this.presetNews = { slot, did: steps === null ? 'empty' : 'shown' };
    if (steps !== null) this.chosen = steps;
  }

  keepPreset(slot: PresetSlot, presets: Presets): void {
    presets.keep(slot, this.chosen);
    this.refused = null;
    this.presetNews = { slot, did: 'kept' };
  }

  /** What a new bag begins with. */
  startAnew(): void {
    this.chosen = ORIGINAL_STEPS;
    this.comparing = false;
    this.refused = null;
    this.presetNews = null;
  }

  parametersOf(kind: PixelKind): DisplayParameters {
    return this.#known.parametersOf(this.shown, kind);
  }
}
