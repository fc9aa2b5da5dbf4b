/** Level of air in the source's own units, and the share of pixels that show air. */
export interface OpenBeam {
  readonly level: number;
  readonly share: number;
}

export interface OpenBeamSearch {
  /** Greatest value that the source can hold: 255 or 65,535. */
  readonly fullScale: number;
  /** An open beam under this share of full scale needs the evidence of a bag in front of it. */
  readonly minLevel: number;
  /** An open beam under this share of full scale is never believed. */
  readonly minLevelWithEvidence: number;
}

/** Detector counts: air may lie well under full scale. */
export const COUNTS_SEARCH: OpenBeamSearch = {
  fullScale: 65_535,
  minLevel: 0.6,
  minLevelWithEvidence: 0.03,
};
/** Brightness of a pseudo-colour export: air is white or nearly so. */
export const EXPORT_SEARCH: OpenBeamSearch = {
  fullScale: 255,
  minLevel: 0.85,
  minLevelWithEvidence: 0.85,
};

/** Bins of the histogram over full scale; one a level for 8-bit sources. */
const BINS = 256;
/** The brightest pixels that may be hot detectors, dust on the sensor or JPEG ringing. */
const OUTLIER_SHARE = 0.0005;
/** Air lies within this share of the brightest level that is not an outlier. */
const MODE_REACH = 0.06;
/** Pixels this far under the mode, as a share of it, still show air. */
const AIR_TOLERANCE = 0.02;
/** Less air than this is not a level one can rely on. */
const MIN_SHARE = 0.002;
/** What a level far under full scale needs: this much air, and this much under half of it. */
const EVIDENT_AIR_SHARE = 0.1;
const EVIDENT_BAG_SHARE = 0.05;

/**
 * Finds the open beam from the picture alone: the most populated level within reach of the
 * brightest one. Returns null when that level is too rare, or too dark to be air: detectors whose
 * air lies far under full scale are believed only when the picture shows both air and a bag, so
 * that a uniform grey picture has no open beam.
 *
 * @param values one brightness or count a pixel, in [0, fullScale]
 */
export function findOpenBeam(
  values: Uint8Array | Uint16Array,
  search: OpenBeamSearch,
): OpenBeam | null {
  if (values.length === 0) return null;
  const binOf = BINS / (search.fullScale + 1);
  const histogram = new Uint32Array(BINS);
  for (const value of values) {
    const bin = (value * binOf) | 0;
    histogram[bin] = (histogram[bin] ?? 0) + 1;
  }
  const brightest = brightestBin(histogram, values.length * OUTLIER_SHARE);
  const mode = modeBin(histogram, Math.floor(brightest * (1 - MODE_REACH)), brightest);
  const level = medianOfBin(values, mode, binOf);
  const airFrom = level * (1 - AIR_TOLERANCE);
  let air = 0;
  let bag = 0;
  for (const value of values) {
    if (value >= airFrom) air++;
    else if (value * 2 < level) bag++;
  }
  const share = air / values.length;
  if (share < MIN_SHARE || level < search.minLevelWithEvidence * search.fullScale) return null;
  const isEvident = share >= EVIDENT_AIR_SHARE && bag >= EVIDENT_BAG_SHARE * values.length;
  return level >= search.minLevel * search.fullScale || isEvident ? { level, share } : null;
}

function brightestBin(histogram: Uint32Array, outliers: number): number {
  let above = 0;
  for (let bin = histogram.length - 1; bin > 0; bin--) {
    above += histogram[bin] ?? 0;
    if (above > outliers) return bin;
  }
  return 0;
}

function modeBin(histogram: Uint32Array, from: number, to: number): number {
  let mode = to;
  for (let bin = to; bin >= from; bin--) {
    if ((histogram[bin] ?? 0) > (histogram[mode] ?? 0)) mode = bin;
  }
  return mode;
}

/** The median of the values in a bin: finer than the bin, and deaf to its edges. */
function medianOfBin(values: Uint8Array | Uint16Array, bin: number, binOf: number): number {
  const first = Math.ceil(bin / binOf);
  const counts = new Uint32Array(Math.ceil(1 / binOf) + 1);
  let total = 0;
  for (const value of values) {
    if (((value * binOf) | 0) !== bin) continue;
    counts[value - first] = (counts[value - first] ?? 0) + 1;
    total++;
  }
  let passed = 0;
  for (let index = 0; index < counts.length; index++) {
    passed += counts[index] ?? 0;
    if (passed * 2 >= total) return first + index;
  }
  return first;
}
