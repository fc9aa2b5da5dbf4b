import type { ErrorRecord } from '../../src-shared/domain/phiscan-error';
import type { Presentation } from '../../src-shared/domain/review';

/** The one answer of the screen: what the machine says of the bag that is shown. */
export type Headline =
  | { readonly kind: 'empty' }
  | { readonly kind: 'scoring' }
  | ({ readonly kind: 'alarm' } & Found)
  | ({ readonly kind: 'no-alarm' } & Found)
  | ({ readonly kind: 'unscored'; readonly reason: ErrorRecord | null } & Found);

interface Found {
  readonly alarms: number;
  readonly opaque: number;
  /** Highest displayScore of the bag; null when nothing was scored. */
  readonly highest: number | null;
}

/**
 * What the machine says of a bag. Scored views of an unscored bag still count their alarms; a bag
 * that ended without a word from the machine is unscored, never clear.
 */
export function headlineOf(presentation: Presentation | null): Headline {
  if (presentation === null) return { kind: 'empty' };
  if (presentation.scoring) return { kind: 'scoring' };
  const scored = presentation.views.filter((view) => view.state === 'scored');
  const found: Found = {
    alarms: scored.reduce((sum, view) => sum + view.regions.length, 0),
    opaque: scored.reduce((sum, view) => sum + view.opaque.length, 0),
    highest: scored.length > 0 ? Math.max(...scored.map((view) => view.displayScoreMax)) : null,
  };
  if (presentation.machine === 'alarm') return { kind: 'alarm', ...found };
  if (presentation.machine === 'no-alarm') return { kind: 'no-alarm', ...found };
  const failed = presentation.views.find((view) => view.state === 'unscored');
  return { kind: 'unscored', reason: presentation.error ?? failed?.error ?? null, ...found };
}
