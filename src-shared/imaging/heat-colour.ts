/** A colour with each part in [0, 255] and alpha in [0, 1]. */
export type Rgba = readonly [red: number, green: number, blue: number, alpha: number];

/**
 * Heat by displayScore: nothing below what half of all benign bags reach, then one magenta, denser
 * with the score. One hue that no scanner's palette owns, so that on every colour of a picture a
 * higher score looks further from the picture (an end near white would be lost on open beam), and
 * never so dense that less than a third of the picture's own differences is left to see.
 */
const HUE = [255, 77, 196] as const;
const STOPS: readonly (readonly [displayScore: number, opacity: number])[] = [
  [0, 0],
  [0.05, 0],
  [0.2, 0.32],
  [0.4, 0.46],
  [0.6, 0.56],
  [1, 0.66],
];

/** The heat of a displayScore in [0, 1], piecewise linear; NaN (nothing was scored) is transparent. */
export function heatColour(displayScore: number): Rgba {
  if (Number.isNaN(displayScore)) return [...HUE, 0];
  const score = Math.min(1, Math.max(0, displayScore));
  let [lowerScore, opacity] = STOPS[0] ?? [0, 0];
  for (const [upperScore, upperOpacity] of STOPS.slice(1)) {
    const share = Math.min(1, (score - lowerScore) / (upperScore - lowerScore));
    opacity += (upperOpacity - opacity) * share;
    if (share < 1) break;
    lowerScore = upperScore;
  }
  return [...HUE, opacity];
}

/** The same colours as a CSS gradient from 0 (bottom) to 1 (top), for the score scale. */
export function heatGradient(): string {
  const stops = STOPS.map(
    ([score, opacity]) => `rgb(${HUE.join(' ')} / ${opacity}) ${score * 100}%`,
  );
  return `linear-gradient(to top, ${stops.join(', ')})`;
}
