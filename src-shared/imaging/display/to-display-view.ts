import { missingCaseError } from '../../domain/missing-case-error';
import type { View } from '../../domain/scan';
import { COUNTS_SEARCH, findOpenBeam } from '../find-open-beam';
import { MAX_ATTENUATION } from '../material-wedges';
import {
  levelSizes,
  type DisplayLevel,
  type DisplaySamples,
  type DisplayView,
} from './display-view';

/**
 * A view as the viewer draws it. Counts are divided by their channel's open beam, or by the
 * brightest count where none is found, as in the canonical picture; exports stay as delivered.
 */
export function toDisplayView({ widthPx, heightPx, pixels }: View): DisplayView {
  const { kind } = pixels;
  const size = { widthPx, heightPx };
  switch (kind) {
    case 'rgb':
      return { kind, ...size, levels: halve(pixels.rgb, 3, widthPx, heightPx) };
    case 'single-energy': {
      const levels = halve(pixels.grey, 1, widthPx, heightPx);
      return { kind, ...size, levels: toRoots(levels, [openLevel(pixels.grey)]) };
    }
    case 'dual-energy': {
      const { low, high } = pixels;
      const levels = halve(interleaved(low, high), 2, widthPx, heightPx);
      return { kind, ...size, levels: toRoots(levels, [openLevel(low), openLevel(high)]) };
    }
    default:
      throw missingCaseError(pixels);
  }
}

function interleaved(low: Uint16Array, high: Uint16Array): Uint16Array {
  const samples = new Uint16Array(low.length * 2);
  for (let pixel = 0; pixel < low.length; pixel++) {
    samples[2 * pixel] = low[pixel] ?? 0;
    samples[2 * pixel + 1] = high[pixel] ?? 0;
  }
  return samples;
}

/** Never 0, so that it can be divided by. */
function openLevel(counts: Uint16Array): number {
  const openBeam = findOpenBeam(counts, COUNTS_SEARCH);
  if (openBeam !== null) return openBeam.level;
  let brightest = 1;
  for (const count of counts) if (count > brightest) brightest = count;
  return brightest;
}

/** Counts of every level as roots of attenuation: halving means counts, as a coarser detector would. */
function toRoots(levels: readonly DisplayLevel[], open: readonly number[]): DisplayLevel[] {
  const tables = open.map(rootByCount);
  const channels = tables.length;
  return levels.map(({ widthPx, heightPx, samples }) => {
    const roots = new Uint16Array(samples.length);
    tables.forEach((table, channel) => {
      for (let at = channel; at < roots.length; at += channels) {
        roots[at] = table[samples[at] ?? 0] ?? 0;
      }
    });
    return { widthPx, heightPx, samples: roots };
  });
}

function rootByCount(open: number): Uint16Array {
  return Uint16Array.from({ length: 65_536 }, (_, count) => {
    const attenuation = count > 0 ? Math.log(open / count) : MAX_ATTENUATION;
    const share = Math.min(Math.max(attenuation / MAX_ATTENUATION, 0), 1);
    return Math.round(Math.sqrt(share) * 65_535);
  });
}

function halve(
  samples: DisplaySamples,
  channels: number,
  widthPx: number,
  heightPx: number,
): DisplayLevel[] {
  const levels: DisplayLevel[] = [];
  for (const [width, height] of levelSizes(widthPx, heightPx)) {
    const above = levels.at(-1);
    const ofLevel = above === undefined ? samples : halved(above, channels);
    levels.push({ widthPx: width, heightPx: height, samples: ofLevel });
  }
  return levels;
}

/** Half of both sides, rounded up: each pixel is the rounded mean of the up to four that it covers. */
function halved({ widthPx, heightPx, samples }: DisplayLevel, channels: number): DisplaySamples {
  const width = Math.ceil(widthPx / 2);
  const height = Math.ceil(heightPx / 2);
  const length = width * height * channels;
  const half = samples instanceof Uint16Array ? new Uint16Array(length) : new Uint8Array(length);
  const row = widthPx * channels;
  let to = 0;
  for (let y = 0; y < height; y++) {
    const top = 2 * y * row;
    const bottom = 2 * y + 1 < heightPx ? top + row : top;
    for (let x = 0; x < width; x++) {
      const left = 2 * x * channels;
      const right = 2 * x + 1 < widthPx ? left + channels : left;
      for (let channel = 0; channel < channels; channel++) {
        const sum =
          (samples[top + left + channel] ?? 0) +
          (samples[top + right + channel] ?? 0) +
          (samples[bottom + left + channel] ?? 0) +
          (samples[bottom + right + channel] ?? 0);
        half[to++] = (sum + 2) >> 2;
      }
    }
  }
  return half;
}
