import type { Bag } from '../../src-lab/evaluation/find-bags';
import type { BagScreener, ScoredBag } from '../../src-lab/evaluation/screen-bag';
import { PhiscanError } from '../../src-shared/domain/phiscan-error';
import type { CommandLine } from './command-line';
import { writeLine } from './command-line';
import { ProgressLine } from './progress-line';

/** The bags of a set that were scored, as kept by the caller, and how many were not. */
export interface ScreenedSet<Kept> {
  readonly kept: readonly Kept[];
  readonly unscored: readonly string[];
}

/**
 * Screens bags one after the other with progress on stderr, keeping only what `keep` makes of
 * each. Bags that cannot be scored are named on stderr with the reason.
 * @throws PhiscanError `cancelled` on Ctrl-C: figures of half a set mean nothing.
 */
export async function screenBags<Kept>(
  what: string,
  bags: readonly Bag[],
  screener: BagScreener,
  keep: (scored: ScoredBag) => Kept | Promise<Kept>,
  { stderr, signal }: CommandLine,
): Promise<ScreenedSet<Kept>> {
  const kept: Kept[] = [];
  const unscored: string[] = [];
  const progress = new ProgressLine(stderr, what);
  try {
    for (const [index, bag] of bags.entries()) {
      const screened = await screener.screen(bag, signal);
      throwIfStopped(signal);
      if (screened.state === 'scored') kept.push(await keep(screened));
      else {
        unscored.push(bag.name);
        progress.end();
        await writeLine(stderr, `Left out ${bag.name}: ${screened.error.message}`);
      }
      progress.draw(index + 1, bags.length);
    }
  } finally {
    progress.end();
  }
  return { kept, unscored };
}

function throwIfStopped(signal: AbortSignal): void {
  if (!signal.aborted) return;
  throw new PhiscanError('cancelled', 'Stopped before the end; nothing was written.');
}
