import type { MapScore } from '../domain/model-bundle';

/**
 * What an anomalyScore loses for the area that it was looked for in: the highest of many places is
 * higher than that of few, and a threat may lie in any of them. With it, a benign bag alarms as
 * often as any other, whatever its size; without it, large benign bags alarm and small bags with
 * threats do not.
 * @param squares score squares with material in the view
 */
export function areaCorrection({ area }: MapScore, squares: number): number {
  return area === undefined || squares === 0 ? 0 : area.slope * Math.log(squares / area.squares);
}
