/** Tells its listeners of things as they happen, in the order in which they asked. */
export class Feed<T> {
  readonly #listeners = new Set<(news: T) => void>();

  /** @returns how to stop listening */
  subscribe(listener: (news: T) => void): () => void {
    this.#listeners.add(listener);
    return () => {
      this.#listeners.delete(listener);
    };
  }

  publish(news: T): void {
    for (const listener of [...this.#listeners]) listener(news);
  }
}
