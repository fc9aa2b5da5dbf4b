/** A colour with each part in [0, 255] and alpha in [0, 1]. */
export type Rgba = readonly [red: number, green: number, blue: number, alpha: number];

/**
 * Heat by displayScore: nothing below what half of all benign bags reach, magenta in the middle,
 * near white at the top. Every stop lies on a hue that no scanner's palette owns.
 */
const STOPS: readonly (readonly [displayScore: number, colour: Rgba])[] = [
  [0, [255, 77, 196, 0]],
  [0.05, [255, 77, 196, 0]],
  [0.2, [255, 77, 196, 0.38]],
  [0.4, [255, 77, 196, 0.62]],
  [0.6, [255, 77, 196, 0.8]],
  [1, [255, 238, 249, 0.94]],
];

/** The heat of a displayScore in [0, 1], piecewise linear; NaN (nothing was scored) is transparent. */
export function heatColour(displayScore: number): Rgba {
  if (Number.isNaN(displayScore)) return [255, 77, 196, 0];
  const score = Math.min(1, Math.max(0, displayScore));
  let lower = STOPS[0];
  for (const upper of STOPS) {
    if (lower !== undefined && score <= upper[0]) {
      const span = upper[0] - lower[0];
      const share = span === 0 ? 0 : (score - lower[0]) / span;
      return mix(lower[1], upper[1], share);
    }
    lower = upper;
  }
  return [255, 238, 249, 0.94];
}

function mix(from: Rgba, to: Rgba, share: number): Rgba {
  const part = (index: 0 | 1 | 2 | 3) => from[index] + (to[index] - from[index]) * share;
  return [part(0), part(1), part(2), part(3)];
}

/** The same colours as a CSS gradient from 0 (bottom) to 1 (top), for the score scale. */
export function heatGradient(): string {
  const stops = STOPS.map(
    ([score, [red, green, blue, alpha]]) =>
      `rgb(${red} ${green} ${blue} / ${alpha}) ${score * 100}%`,
  );
  return `linear-gradient(to top, ${stops.join(', ')})`;
}
