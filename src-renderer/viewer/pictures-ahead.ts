import { loadView } from './load-picture';

type Fetched = ReturnType<typeof loadView>;

/** The pictures of the presentation that will follow, fetched while another is on screen. */
export class PicturesAhead {
  readonly #fetched = new Map<number, Fetched>();
  readonly #stop = new AbortController();
  #isTaken = false;

  constructor(readonly presentationId: string) {
    void this.#fetchAll();
  }

  /** A view's picture, here or on its way, given away once; undefined for one that is not known of. */
  take(viewIndex: number): Fetched | undefined {
    const fetched = this.#fetched.get(viewIndex);
    this.#fetched.delete(viewIndex);
    this.#isTaken = true;
    return fetched;
  }

  /** Another presentation follows instead; what is on its way to the screen still arrives. */
  stop(): void {
    if (!this.#isTaken) this.#stop.abort();
    this.#fetched.clear();
  }

  async #fetchAll(): Promise<void> {
    const first = await this.#fetch(0);
    const viewCount = first !== null && 'viewCount' in first ? first.viewCount : 1;
    for (let viewIndex = 1; viewIndex < viewCount; viewIndex += 1) void this.#fetch(viewIndex);
  }

  /** A picture that could not be fetched ahead is fetched again when it is shown. */
  #fetch(viewIndex: number): Promise<Awaited<Fetched>> {
    const { signal } = this.#stop;
    const fetched = loadView(this.presentationId, viewIndex, signal);
    this.#fetched.set(viewIndex, fetched);
    return fetched.then(
      (view) => {
        if (view === null || 'refusal' in view) this.#fetched.delete(viewIndex);
        return view;
      },
      () => {
        this.#fetched.delete(viewIndex);
        return null;
      },
    );
  }
}
