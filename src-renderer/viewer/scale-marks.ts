import type { NumberedRegion } from './finding';

/** Regions' numbers beside the scale, at their scores. */
export interface ScaleMark {
  readonly displayScore: number;
  readonly words: string;
  readonly selected: boolean;
}

/** Numbers nearer than this would cover each other. */
const LEAST_APART = 0.035;

/**
 * The regions that fit beside the scale: the selected one always, then the strongest; those that
 * would cover another are told by it with a plus.
 */
export function scaleMarks(
  regions: readonly NumberedRegion[],
  selectedNumber: number | null,
): readonly ScaleMark[] {
  const isSelected = ({ number }: NumberedRegion) => number === selectedNumber;
  const placed: { entry: NumberedRegion; covers: boolean }[] = [];
  const inOrder = [...regions].sort((a, b) => Number(isSelected(b)) - Number(isSelected(a)));
  for (const entry of inOrder) {
    const near = placed.find(
      (other) =>
        Math.abs(other.entry.region.displayScore - entry.region.displayScore) < LEAST_APART,
    );
    if (near === undefined) placed.push({ entry, covers: false });
    else near.covers = true;
  }
  return placed.map(({ entry, covers }) => ({
    displayScore: entry.region.displayScore,
    words: covers ? `${entry.number}+` : String(entry.number),
    selected: isSelected(entry),
  }));
}
