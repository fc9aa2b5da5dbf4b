/** What is assumed where a view has no edge that tells: PHYSICS's "about one pixel", full width. */
const NOMINAL_SIGMA_PX = 0.5;
const LEAST_SIGMA_PX = 0.3;
const MOST_SIGMA_PX = 2.5;
/** An edge tells of the scanner when transmission changes by at least this much over it. */
const LEAST_CONTRAST = 0.25;
/** Edges of things are soft, too: the scanner's own blur is that of the sharpest ones. */
const SHARPEST_SHARE = 0.09;
const LEAST_EDGES = 40;
/** On both sides of an edge brightness stays level, within this share of the edge's contrast … */
const LEVEL_WITHIN = 0.06;
/** … for so many pixels: a wire's two edges are not one. */
const LEVEL_PX = 2;
/** A difference from pixel to pixel is a mean over one: its variance of a width. */
const PIXEL_VARIANCE = 1 / 12;

/**
 * Standard deviation of a view's blur in pixels, from its sharpest edges. Over an edge that is a
 * step blurred by a Gaussian, the squares of the differences from pixel to pixel tell its width:
 * with d the differences and C their sum, Σd² / C² = 1 / (2s√π), where s² = σ² + 1/12.
 * @param brightness 0 (nothing passes) to 255 (open beam), as in CanonicalPicture
 */
export function measureBlur(brightness: Uint8Array, widthPx: number, heightPx: number): number {
  const widths = [
    ...edgeWidths(brightness, widthPx, heightPx, 1, widthPx),
    ...edgeWidths(brightness, heightPx, widthPx, widthPx, 1),
  ].sort((a, b) => a - b);
  if (widths.length < LEAST_EDGES) return NOMINAL_SIGMA_PX;
  const sharpest = widths[Math.floor(widths.length * SHARPEST_SHARE)] ?? NOMINAL_SIGMA_PX;
  const sigma = Math.sqrt(Math.max(0, sharpest ** 2 - PIXEL_VARIANCE));
  return Math.min(MOST_SIGMA_PX, Math.max(LEAST_SIGMA_PX, sigma));
}

/** Runs along a line in which brightness only falls or only rises, with enough contrast in all. */
function edgeWidths(
  brightness: Uint8Array,
  length: number,
  lines: number,
  stride: number,
  lineStride: number,
): number[] {
  const widths: number[] = [];
  const reach = LEVEL_PX * stride;
  for (let line = 0; line < lines; line++) {
    const first = line * lineStride;
    const last = first + (length - 1) * stride;
    const levelAt = (at: number): number => brightness[Math.min(last, Math.max(first, at))] ?? 0;
    let start = first;
    let squares = 0;
    let sign = 0;
    for (let at = first; at < last; at += stride) {
      const change = levelAt(at + stride) - levelAt(at);
      if (Math.sign(change) !== sign) {
        const contrast = Math.abs(levelAt(at) - levelAt(start));
        const isLevel =
          Math.abs(levelAt(at + reach) - levelAt(at)) < LEVEL_WITHIN * contrast &&
          Math.abs(levelAt(start) - levelAt(start - reach)) < LEVEL_WITHIN * contrast;
        if (contrast >= 255 * LEAST_CONTRAST && isLevel) {
          widths.push((contrast * contrast) / (2 * Math.sqrt(Math.PI) * squares));
        }
        sign = Math.sign(change);
        start = at;
        squares = 0;
      }
      squares += change * change;
    }
  }
  return widths;
}
