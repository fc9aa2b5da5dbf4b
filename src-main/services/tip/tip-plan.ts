import type { CompositeFacts, CompositeSource } from '../../../src-shared/tip/composite-source';

/** The threat that a bag carries until somebody has decided on it. Held in memory alone. */
export interface TipPlan {
  readonly source: CompositeSource;
  readonly settingsId: string;
  readonly threatId: string;
  readonly category: string;
  readonly name: string;
  readonly windowMs: number;
  readonly extendedMs: number;
  /** Known once the composite was made. */
  facts: CompositeFacts | null;
}
