import type { AttenuationPlanes } from '../project-solids';
import { mix32 } from '../random-stream';
import { inverseNormal } from './inverse-normal';
import type { SimulatedScanner } from './scanner';
import { channelWeights } from './scanner-spectrum';

/** Detector counts of both channels, 0–65,535, row-major. */
export interface CountPlanes {
  readonly low: Uint16Array;
  readonly high: Uint16Array;
}

/** Share of the open-beam signal of a channel, before noise. */
export interface TransmissionPlanes {
  readonly low: Float32Array;
  readonly high: Float32Array;
}

/** Σ over bins of the channel's weight times exp(−attenuation). */
export function transmissionOf(
  planes: AttenuationPlanes,
  scanner: SimulatedScanner,
): TransmissionPlanes {
  const weights = channelWeights(scanner.beam);
  const pixels = planes.widthPx * planes.heightPx;
  const low = new Float32Array(pixels);
  const high = new Float32Array(pixels);
  const { bins, values } = planes;
  for (let pixel = 0, at = 0; pixel < pixels; pixel++, at += bins) {
    if (values[at] === 0) {
      low[pixel] = 1;
      high[pixel] = 1;
      continue;
    }
    let sumLow = 0;
    let sumHigh = 0;
    for (let bin = 0; bin < bins; bin++) {
      const transmitted = Math.exp(-(values[at + bin] ?? 0));
      sumLow += (weights.low[bin] ?? 0) * transmitted;
      sumHigh += (weights.high[bin] ?? 0) * transmitted;
    }
    low[pixel] = sumLow;
    high[pixel] = sumHigh;
  }
  return { low, high };
}

/**
 * Turns transmissions into counts: blur, photon noise, readout noise, residual gain of each
 * detector row. The noise of a pixel depends on the noise seed and its place alone, so two bags
 * that differ by one object have the same noise everywhere else.
 */
export function detectCounts(
  transmission: TransmissionPlanes,
  widthPx: number,
  heightPx: number,
  scanner: SimulatedScanner,
  noiseSeed: number,
): CountPlanes {
  const channel = (name: 'low' | 'high', salt: number): Uint16Array => {
    const blurred = blur(transmission[name], widthPx, heightPx, scanner.blurSigmaPx);
    const seed = mix32(noiseSeed + salt);
    return countsOf(blurred, widthPx, scanner, scanner.openBeamPhotons[name], seed);
  };
  return { low: channel('low', 0x51ed270b), high: channel('high', 0x2545f491) };
}

function countsOf(
  signal: Float32Array,
  widthPx: number,
  scanner: SimulatedScanner,
  openPhotons: number,
  seed: number,
): Uint16Array {
  const normals = normalTable();
  const counts = new Uint16Array(signal.length);
  const countsPerPhoton = scanner.openBeamCounts / openPhotons;
  let gain = 1;
  for (let pixel = 0; pixel < signal.length; pixel++) {
    if (pixel % widthPx === 0) {
      const row = pixel / widthPx;
      gain = 1 + scanner.rowGainError * (normals[mix32(mix32(row + 1) ^ seed) >>> 16] ?? 0);
    }
    const random = mix32(mix32(pixel + 0x632be5ab) ^ seed);
    const mean = (signal[pixel] ?? 0) * openPhotons;
    const photons = drawPhotons(mean, random & 65_535, normals);
    const readout = scanner.readoutCounts * (normals[random >>> 16] ?? 0);
    const count = Math.round(photons * countsPerPhoton * gain + readout);
    counts[pixel] = count < 0 ? 0 : count > 65_535 ? 65_535 : count;
  }
  return counts;
}

/** Poisson: by its cumulative distribution where photons are few, by its normal limit elsewhere. */
function drawPhotons(mean: number, random: number, normals: Float32Array): number {
  if (mean > 60) return mean + Math.sqrt(mean) * (normals[random] ?? 0);
  const uniform = (random + 0.5) / 65_536;
  let probability = Math.exp(-mean);
  let cumulative = probability;
  let photons = 0;
  while (cumulative < uniform && photons < 200) {
    photons++;
    probability *= mean / photons;
    cumulative += probability;
  }
  return photons;
}

let cachedNormals: Float32Array | null = null;

/** Standard normal numbers of 65,536 evenly spaced probabilities. */
function normalTable(): Float32Array {
  cachedNormals ??= Float32Array.from({ length: 65_536 }, (_, at) =>
    inverseNormal((at + 0.5) / 65_536),
  );
  return cachedNormals;
}

/** Gaussian blur, rows then columns; the picture's edge is repeated. */
function blur(plane: Float32Array, widthPx: number, heightPx: number, sigma: number): Float32Array {
  if (sigma <= 0) return plane;
  const reach = Math.max(1, Math.ceil(2.5 * sigma));
  const kernel = Float64Array.from({ length: 2 * reach + 1 }, (_, at) =>
    Math.exp(-((at - reach) ** 2) / (2 * sigma * sigma)),
  );
  const total = kernel.reduce((sum, weight) => sum + weight, 0);
  for (let at = 0; at < kernel.length; at++) kernel[at] = (kernel[at] ?? 0) / total;
  const across = new Float32Array(plane.length);
  convolve(plane, across, widthPx, heightPx, 1, widthPx, kernel);
  const down = new Float32Array(plane.length);
  convolve(across, down, heightPx, widthPx, widthPx, 1, kernel);
  return down;
}

function convolve(
  source: Float32Array,
  target: Float32Array,
  length: number,
  lines: number,
  stride: number,
  lineStride: number,
  kernel: Float64Array,
): void {
  const reach = (kernel.length - 1) / 2;
  for (let line = 0; line < lines; line++) {
    const start = line * lineStride;
    for (let at = 0; at < length; at++) {
      let sum = 0;
      for (let k = -reach; k <= reach; k++) {
        const from = at + k < 0 ? 0 : at + k >= length ? length - 1 : at + k;
        sum += (kernel[k + reach] ?? 0) * (source[start + from * stride] ?? 0);
      }
      target[start + at * stride] = sum;
    }
  }
}
