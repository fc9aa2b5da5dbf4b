import { SvelteMap } from 'svelte/reactivity';
import type { ErrorRecord } from '../../src-shared/domain/phiscan-error';
import type { DisplayView } from '../../src-shared/imaging/display/display-view';
import { loadView } from './load-picture';
import { PicturesAhead } from './pictures-ahead';

/** What is known of a view's picture: being fetched, here, or not to be had. */
type PictureState =
  | { readonly state: 'fetching' }
  | { readonly state: 'here'; readonly view: DisplayView }
  | { readonly state: 'none'; readonly refusal: ErrorRecord | null };

/** The pictures of the presentation on screen, fetched once each. */
export class ViewPictures {
  /** How many views the bag has, as far as the fetched pictures say. */
  viewCount = $state(1);
  /** No view of the bag has a picture, and none is on its way. */
  readonly none = $derived.by(() => {
    const states = [...this.#states.values()];
    return states.length > 0 && states.every(({ state }) => state === 'none');
  });

  /** Why there is none, as main says it; null while there is one, or when it says nothing. */
  readonly refusal = $derived.by(() => {
    const [first] = this.#states.values();
    return this.none && first?.state === 'none' ? first.refusal : null;
  });

  readonly #states = new SvelteMap<number, PictureState>();
  #presentationId: string | null = null;
  #stop = new AbortController();
  #ahead: PicturesAhead | null = null;

  get here(): readonly { readonly viewIndex: number; readonly view: DisplayView }[] {
    return [...this.#states].flatMap(([viewIndex, entry]) =>
      entry.state === 'here' ? [{ viewIndex, view: entry.view }] : [],
    );
  }

  /** Forgets everything and turns to another presentation. */
  turnTo(presentationId: string | null): void {
    this.#stop.abort();
    this.#stop = new AbortController();
    this.#presentationId = presentationId;
    this.#states.clear();
    this.viewCount = 1;
  }

  /** Fetches the pictures of the presentation that will be turned to. */
  prefetch(presentationId: string): void {
    if (this.#ahead?.presentationId === presentationId) return;
    this.#ahead?.stop();
    this.#ahead = new PicturesAhead(presentationId);
  }

  /** Asks again for what was not to be had: a scan may be decoded later than it is shown. */
  forgetMissing(): void {
    for (const [viewIndex, entry] of this.#states) {
      if (entry.state === 'none') this.#states.delete(viewIndex);
    }
  }

  /** Fetches the pictures of the first views that are not here yet. */
  fetch(viewCount: number): void {
    for (let viewIndex = 0; viewIndex < viewCount; viewIndex += 1) {
      if (!this.#states.has(viewIndex)) void this.#fetchOne(viewIndex);
    }
  }

  async #fetchOne(viewIndex: number): Promise<void> {
    if (this.#presentationId === null) return;
    const { signal } = this.#stop;
    this.#states.set(viewIndex, { state: 'fetching' });
    const fetched = await this.#load(this.#presentationId, viewIndex, signal).catch(() => null);
    if (signal.aborted) return;
    if (fetched === null || 'refusal' in fetched) {
      this.#states.set(viewIndex, { state: 'none', refusal: fetched?.refusal ?? null });
      return;
    }
    this.#states.set(viewIndex, { state: 'here', view: fetched.view });
    if (fetched.viewCount > this.viewCount) {
      this.viewCount = fetched.viewCount;
      this.fetch(fetched.viewCount);
    }
  }

  #load(presentationId: string, viewIndex: number, signal: AbortSignal) {
    const ahead = this.#ahead?.presentationId === presentationId ? this.#ahead : null;
    return ahead?.take(viewIndex) ?? loadView(presentationId, viewIndex, signal);
  }
}
