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
  const counts = new Uint32Array(search.fullScale + 1);
  for (let pixel = 0; pixel < values.length; pixel++) {
    const value = values[pixel] ?? 0;
    counts[value] = (counts[value] ?? 0) + 1;
  }
  const level = modeLevel(counts, values.length);
  const air = sumBetween(counts, Math.ceil(level * (1 - AIR_TOLERANCE)), counts.length);
  const bag = sumBetween(counts, 0, Math.ceil(level / 2));
  const share = air / values.length;
  if (share < MIN_SHARE || level < search.minLevelWithEvidence * search.fullScale) return null;
  const isEvident = share >= EVIDENT_AIR_SHARE && bag >= EVIDENT_BAG_SHARE * values.length;
  return level >= search.minLevel * search.fullScale || isEvident ? { level, share } : null;
}

/** The median level of the most populated bin within reach of the brightest. */
function modeLevel(counts: Uint32Array, pixels: number): number {
  const binWidth = counts.length / BINS;
  const bins = Uint32Array.from({ length: BINS }, (_, bin) =>
    sumBetween(counts, bin * binWidth, (bin + 1) * binWidth),
  );
  const brightest = brightestBin(bins, pixels * OUTLIER_SHARE);
  const mode = modeBin(bins, Math.floor(brightest * (1 - MODE_REACH)), brightest);
  const half = (bins[mode] ?? 0) / 2;
  let level = mode * binWidth;
  for (let passed = counts[level] ?? 0; passed < half; passed += counts[level] ?? 0) level++;
  return level;
}

function sumBetween(counts: Uint32Array, from: number, to: number): number {
  let sum = 0;
  for (let level = from; level < to; level++) sum += counts[level] ?? 0;
  return sum;
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
