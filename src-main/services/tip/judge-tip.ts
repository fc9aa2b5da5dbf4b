import type { Mark } from '../../../src-shared/domain/mark';
import type { Box } from '../../../src-shared/domain/screening-outcome';
import type { TipCause, TipPlace } from '../../../src-shared/domain/tip';

/** What a person did while a projected threat was on screen. */
export interface TipAnswer {
  readonly outcome: 'clear' | 'search';
  /** `time-limit`: nobody decided. */
  readonly cause: 'person' | 'time-limit';
  readonly marks: readonly Mark[];
}

/** A mark beside a threat by up to this share of the threat's longer side still means it. */
const NEAR_SHARE = 0.25;

/**
 * Whether a projected threat was found: the bag was sent to search by a person, and, where the
 * person marked what was meant, a mark lies on the threat or next to it.
 */
export function judgeTip(
  { outcome, cause, marks }: TipAnswer,
  places: readonly TipPlace[],
): { readonly result: 'hit' | 'miss'; readonly cause: TipCause } {
  if (cause === 'time-limit') return { result: 'miss', cause: 'time' };
  if (outcome === 'clear') return { result: 'miss', cause: 'decision' };
  const isMarked = marks.length === 0 || places.length === 0 || marks.some(isOnPlace(places));
  return isMarked
    ? { result: 'hit', cause: 'decision' }
    : { result: 'miss', cause: 'marked-elsewhere' };
}

const isOnPlace =
  (places: readonly TipPlace[]) =>
  (mark: Mark): boolean =>
    places.some((place) => {
      if (place.viewIndex !== mark.viewIndex) return false;
      const near = NEAR_SHARE * Math.max(place.width, place.height);
      const box = boxOf(mark);
      return (
        box.x <= place.x + place.width + near &&
        box.x + box.width >= place.x - near &&
        box.y <= place.y + place.height + near &&
        box.y + box.height >= place.y - near
      );
    });

function boxOf(mark: Mark): Box {
  if (mark.kind === 'box') return mark;
  const points = mark.kind === 'point' ? [mark] : mark.points;
  const xs = points.map(({ x }) => x);
  const ys = points.map(({ y }) => y);
  const [x, y] = [Math.min(...xs), Math.min(...ys)];
  return { x, y, width: Math.max(...xs) - x, height: Math.max(...ys) - y };
}
