/** Steps over which the rate rises from nothing. */
const WARM_UP_STEPS = 50;
/** Share of a stage that is trained at the full rate. */
const FLAT_SHARE = 0.3;

/**
 * The learning rate of step `step` (from 1) of a stage: full at first, then down to nothing along
 * half a cosine, so that every stage ends annealed.
 */
export function annealedRate(fullRate: number, step: number, steps: number): number {
  const warm = Math.min(1, step / WARM_UP_STEPS);
  const share = step / steps;
  if (share <= FLAT_SHARE) return fullRate * warm;
  const way = (share - FLAT_SHARE) / (1 - FLAT_SHARE);
  return (fullRate * warm * (1 + Math.cos(Math.PI * way))) / 2;
}
