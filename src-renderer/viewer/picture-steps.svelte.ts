import type { PixelKind } from '../../src-shared/domain/scan';
import type { DisplayParameters } from '../../src-shared/imaging/display/display-parameters';
import { ORIGINAL_STEPS, type DisplaySteps } from '../../src-shared/imaging/display/display-steps';
import { adjustWindow, functionRule, whyUnavailable, type ImageFunction } from './image-function';
import { KnownParameters } from './known-parameters';

/** Which image functions are on, and what is shown while one is held to compare. */
export class PictureSteps {
  /** What is on; `shown` differs from it while the original is held. */
  chosen = $state.raw<DisplaySteps>(ORIGINAL_STEPS);
  comparing = $state(false);
  /** A function that was asked for and is not to be had on this picture. */
  refused = $state<ImageFunction | null>(null);
  readonly shown: DisplaySteps = $derived(this.comparing ? ORIGINAL_STEPS : this.chosen);

  readonly #known = new KnownParameters();

  /** Switches a function on, off or a step further; refuses what the pixels can't give. */
  press(name: ImageFunction, kind: PixelKind): void {
    this.refused = whyUnavailable(name, kind) === null ? null : name;
    if (this.refused === null) this.chosen = functionRule(name).press(this.chosen, kind);
  }

  /** Moves and widens the density window by shares of the whole range; switches it on. */
  adjustWindow(kind: PixelKind, move: number, widen: number): void {
    this.chosen = adjustWindow(this.chosen, kind, move, widen);
  }

  /** What a new bag begins with. */
  startAnew(): void {
    this.chosen = ORIGINAL_STEPS;
    this.comparing = false;
    this.refused = null;
  }

  parametersOf(kind: PixelKind): DisplayParameters {
    return this.#known.parametersOf(this.shown, kind);
  }
}
