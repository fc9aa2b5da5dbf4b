/**
 * Runs work one piece after the other, in the order of the calls: each sees what the ones before
 * have done. A piece that fails fails for its caller alone.
 */
export function inTurns(): <T>(work: () => Promise<T>) => Promise<T> {
  let last: Promise<unknown> = Promise.resolve();
  return (work) => {
    const turn = last.then(work);
    last = turn.catch(() => undefined);
    return turn;
  };
}
