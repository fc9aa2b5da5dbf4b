import type { PixelKind } from '../../src-shared/domain/scan';
import {
  displayParameters,
  type DisplayParameters,
} from '../../src-shared/imaging/display/display-parameters';
import type { DisplaySteps } from '../../src-shared/imaging/display/display-steps';

const KEPT = 24;

/** The parameters used last, with their colour tables: going back to a function takes no time. */
export class KnownParameters {
  readonly #known = new Map<string, DisplayParameters>();

  /** The same object, and so the same colour table, for the same steps. */
  parametersOf(steps: DisplaySteps, kind: PixelKind): DisplayParameters {
    const name = `${kind} ${JSON.stringify(steps)}`;
    const parameters = this.#known.get(name) ?? displayParameters(steps, kind);
    this.#known.delete(name);
    this.#known.set(name, parameters);
    const [oldest] = this.#known.keys();
    if (this.#known.size > KEPT && oldest !== undefined) this.#known.delete(oldest);
    return parameters;
  }
}
