import type { CountPlanes } from '../simulator/physics/detect-counts';
import type { ScanPair } from './scan-pair';

/** What is measured of a piece of a threat's border, whatever lies under it. */
export const BORDER_FEATURES = [
  'noise outside',
  'noise on the border',
  'noise inside',
  'noise along, lag 1',
  'noise of both channels together',
  'sharpness',
  'halo outside',
  'ripple inside',
] as const;

/** Transmission of the threat at which its border is drawn: where a seam would lie. */
const BORDER_AT = 0.97;
/** Pixels of border in a piece. */
const PIECE_PX = 14;
const LEAST_PIECE_PX = 8;
/** Samples of a profile lie at −REACH … REACH pixels along the way out of the threat. */
const REACH = 4;
/** Least change of −ln over the border for its sharpness to be measured. */
const LEAST_STEP = 0.15;

/** Attenuation from which a picture is black, and a border in it is nobody's to see. */
const BLACK = 6;

interface BorderPoint {
  readonly x: number;
  readonly y: number;
  /** Unit vector out of the threat. */
  readonly nx: number;
  readonly ny: number;
}

/**
 * Measures a threat's border piece by piece: noise across it against what its counts ask for, how
 * sharp its edge is for its contrast, halos. Everything is relative, so that what bag lies under a
 * border, and what threat has it, say little.
 * @returns one row of BORDER_FEATURES a piece
 */
export function borderFeatures(pair: ScanPair, scan: CountPlanes): readonly Float64Array[] {
  const { widthPx, heightPx, open } = pair;
  const points = borderPoints(pair.passed, widthPx, heightPx);
  const pieces: Float64Array[] = [];
  for (const piece of chained(points)) {
    const features = pieceFeatures(scan, widthPx, open, piece);
    if (features !== null) pieces.push(features);
  }
  return pieces;
}

/**
 * Where the threat's transmission, smoothed, falls under BORDER_AT. Smoothed, so that the border
 * follows the threat's outline and not the way in which its pixels were sampled.
 */
function borderPoints(
  passed: Float32Array,
  widthPx: number,
  heightPx: number,
): readonly BorderPoint[] {
  const margin = REACH + 2;
  const smooth = boxMean(boxMean(passed, widthPx), widthPx);
  const at = (x: number, y: number): number => smooth[y * widthPx + x] ?? 1;
  const points: BorderPoint[] = [];
  for (let y = margin; y < heightPx - margin; y++) {
    for (let x = margin; x < widthPx - margin; x++) {
      if (at(x, y) > BORDER_AT) continue;
      const isBorder =
        at(x + 1, y) > BORDER_AT ||
        at(x - 1, y) > BORDER_AT ||
        at(x, y + 1) > BORDER_AT ||
        at(x, y - 1) > BORDER_AT;
      if (!isBorder) continue;
      const gx = at(x + 1, y) - at(x - 1, y);
      const gy = at(x, y + 1) - at(x, y - 1);
      const length = Math.hypot(gx, gy);
      if (length > 1e-3) points.push({ x, y, nx: gx / length, ny: gy / length });
    }
  }
  return points;
}

/** Mean of each pixel and its eight neighbours. */
function boxMean(plane: Float32Array, widthPx: number): Float32Array {
  const along = (values: Float32Array, step: number): Float32Array =>
    values.map(
      (value, at) => (value + (values[at - step] ?? value) + (values[at + step] ?? value)) / 3,
    );
  return along(along(plane, 1), widthPx);
}

/** Neighbouring points in pieces of about PIECE_PX. */
function chained(points: readonly BorderPoint[]): readonly (readonly BorderPoint[])[] {
  const open = new Map(points.map((point) => [`${point.x},${point.y}`, point]));
  const pieces: BorderPoint[][] = [];
  for (const start of points) {
    const piece: BorderPoint[] = [];
    let next: BorderPoint | undefined = open.get(`${start.x},${start.y}`);
    while (next !== undefined && piece.length < PIECE_PX) {
      piece.push(next);
      open.delete(`${next.x},${next.y}`);
      next = neighbourIn(open, next);
    }
    if (piece.length >= LEAST_PIECE_PX) pieces.push(piece);
  }
  return pieces;
}

function neighbourIn(
  open: ReadonlyMap<string, BorderPoint>,
  { x, y }: BorderPoint,
): BorderPoint | undefined {
  for (let dy = -1; dy <= 1; dy++) {
    for (let dx = -1; dx <= 1; dx++) {
      const found = open.get(`${x + dx},${y + dy}`);
      if (found !== undefined) return found;
    }
  }
  return undefined;
}

function pieceFeatures(
  scan: CountPlanes,
  widthPx: number,
  open: number,
  piece: readonly BorderPoint[],
): Float64Array | null {
  const low = profiles(scan.low, widthPx, open, piece);
  const high = profiles(scan.high, widthPx, open, piece);
  const meanLow = meanProfile(low);
  const meanHigh = meanProfile(high);
  const stepLow = (meanLow[0] ?? 0) - (meanLow[2 * REACH] ?? 0);
  const stepHigh = (meanHigh[0] ?? 0) - (meanHigh[2 * REACH] ?? 0);
  if (stepLow < LEAST_STEP || stepHigh < LEAST_STEP / 2 || (meanLow[0] ?? 0) > BLACK) return null;
  // What a picture's brightness shows: both channels together.
  const both = meanLow.map((value, k) => value + (meanHigh[k] ?? 0));
  const outside = noiseAt(low, REACH + 3);
  const border = noiseAt(low, REACH);
  const inside = noiseAt(low, REACH - 3);
  return Float64Array.from([
    Math.log(outside.deviation + 0.05),
    Math.log(border.deviation + 0.05),
    Math.log(inside.deviation + 0.05),
    inside.lag,
    together(low, high, REACH - 3),
    Math.log(steepest(both) / (stepLow + stepHigh)),
    ((meanLow[REACH + 2] ?? 0) - (meanLow[2 * REACH] ?? 0)) / stepLow,
    ((meanLow[REACH - 3] ?? 0) - (meanLow[0] ?? 0)) / stepLow,
  ]);
}

/** −ln of the counts across the border at each point, from inside to outside. */
function profiles(
  counts: Uint16Array,
  widthPx: number,
  open: number,
  piece: readonly BorderPoint[],
): readonly Float64Array[] {
  return piece.map(({ x, y, nx, ny }) =>
    Float64Array.from({ length: 2 * REACH + 1 }, (_, k) => {
      const way = k - REACH;
      // The nearest pixel: interpolation would smooth the noise that is measured.
      const column = Math.round(x + way * nx);
      const row = Math.round(y + way * ny);
      return -Math.log(Math.max(counts[row * widthPx + column] ?? 1, 1) / open);
    }),
  );
}

function meanProfile(rows: readonly Float64Array[]): Float64Array {
  return Float64Array.from({ length: 2 * REACH + 1 }, (_, k) =>
    rows.reduce((sum, row) => sum + (row[k] ?? 0) / rows.length, 0),
  );
}

function steepest(profile: Float64Array): number {
  let most = 1e-3;
  for (let k = 1; k < profile.length; k++) {
    most = Math.max(most, (profile[k - 1] ?? 0) - (profile[k] ?? 0));
  }
  return most;
}

/** Second differences along the border, against what photons alone would make of them. */
function noiseAt(rows: readonly Float64Array[], k: number): { deviation: number; lag: number } {
  const residuals = secondDifferences(rows, k);
  const mean = rows.reduce((sum, row) => sum + (row[k] ?? 0) / rows.length, 0);
  const expected = Math.sqrt(Math.exp(mean) / 40_000);
  const squares = residuals.map((residual) => residual * residual).sort((a, b) => a - b);
  const median = squares[Math.floor(squares.length / 2)] ?? 0;
  const products = residuals
    .slice(1)
    .map((residual, at) => Math.sign(residual * (residuals[at] ?? 0)));
  const lag = products.reduce((sum, product) => sum + product / Math.max(1, products.length), 0);
  return { deviation: Math.sqrt(median) / expected, lag };
}

function together(low: readonly Float64Array[], high: readonly Float64Array[], k: number): number {
  const a = secondDifferences(low, k);
  const b = secondDifferences(high, k);
  return a.reduce((sum, value, at) => sum + Math.sign(value * (b[at] ?? 0)) / a.length, 0);
}

function secondDifferences(rows: readonly Float64Array[], k: number): readonly number[] {
  const values = rows.map((row) => row[k] ?? 0);
  return values
    .slice(1, -1)
    .map((value, at) => ((values[at] ?? 0) - 2 * value + (values[at + 2] ?? 0)) / Math.sqrt(6));
}
