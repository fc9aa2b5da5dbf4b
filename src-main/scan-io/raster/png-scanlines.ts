import { corrupt } from '../scan-faults';

/** One pass over the picture: every pixel when not interlaced, a sparse grid in Adam7 (8.2). */
export interface PngPass {
  readonly widthPx: number;
  readonly heightPx: number;
  readonly firstX: number;
  readonly firstY: number;
  readonly stepX: number;
  readonly stepY: number;
}

export function wholePass(widthPx: number, heightPx: number): PngPass {
  return { widthPx, heightPx, firstX: 0, firstY: 0, stepX: 1, stepY: 1 };
}

/** First column and row, and steps, of the seven passes. */
const ADAM7 = [
  [0, 0, 8, 8],
  [4, 0, 8, 8],
  [0, 4, 4, 8],
  [2, 0, 4, 4],
  [0, 2, 2, 4],
  [1, 0, 2, 2],
  [0, 1, 1, 2],
] as const;

/** The passes of an interlaced picture that hold any pixel. */
export function adam7Passes(widthPx: number, heightPx: number): PngPass[] {
  return ADAM7.map(([firstX, firstY, stepX, stepY]) => ({
    widthPx: Math.ceil((widthPx - firstX) / stepX),
    heightPx: Math.ceil((heightPx - firstY) / stepY),
    firstX,
    firstY,
    stepX,
    stepY,
  })).filter((pass) => pass.widthPx > 0 && pass.heightPx > 0);
}

interface SampleLayout {
  readonly widthPx: number;
  readonly channels: number;
  readonly depth: number;
}

/**
 * Undoes the row filters of a pass in place (9.2) and puts its samples where they belong in the
 * picture. `scanlines` holds exactly the pass: a filter byte and the packed samples of each row.
 */
export function unfilterPass(
  scanlines: Uint8Array,
  pass: PngPass,
  layout: SampleLayout,
  samples: Uint8Array | Uint16Array,
): void {
  const bitsPerPixel = layout.channels * layout.depth;
  const rowBytes = Math.ceil((pass.widthPx * bitsPerPixel) / 8);
  const back = Math.max(1, bitsPerPixel >> 3);
  let previous: Uint8Array = new Uint8Array(rowBytes);
  for (let row = 0; row < pass.heightPx; row++) {
    const start = row * (rowBytes + 1);
    const current = scanlines.subarray(start + 1, start + 1 + rowBytes);
    unfilterRow(scanlines[start] ?? 0, current, previous, back);
    placeRow(current, row, pass, layout, samples);
    previous = current;
  }
}

function unfilterRow(filter: number, row: Uint8Array, above: Uint8Array, back: number): void {
  switch (filter) {
    case 0:
      return;
    case 1:
      for (let at = back; at < row.length; at++) {
        row[at] = (row[at] ?? 0) + (row[at - back] ?? 0);
      }
      return;
    case 2:
      for (let at = 0; at < row.length; at++) row[at] = (row[at] ?? 0) + (above[at] ?? 0);
      return;
    case 3:
      for (let at = 0; at < row.length; at++) {
        const left = at < back ? 0 : (row[at - back] ?? 0);
        row[at] = (row[at] ?? 0) + ((left + (above[at] ?? 0)) >> 1);
      }
      return;
    case 4:
      for (let at = 0; at < row.length; at++) {
        const left = at < back ? 0 : (row[at - back] ?? 0);
        const aboveLeft = at < back ? 0 : (above[at - back] ?? 0);
        row[at] = (row[at] ?? 0) + paeth(left, above[at] ?? 0, aboveLeft);
      }
      return;
    default:
      throw corrupt('PNG', `a row names the unknown filter ${String(filter)}`);
  }
}

/** 9.4: whichever neighbour is nearest to left + above − aboveLeft. */
function paeth(left: number, above: number, aboveLeft: number): number {
  const toLeft = Math.abs(above - aboveLeft);
  const toAbove = Math.abs(left - aboveLeft);
  const toAboveLeft = Math.abs(left + above - 2 * aboveLeft);
  if (toLeft <= toAbove && toLeft <= toAboveLeft) return left;
  return toAbove <= toAboveLeft ? above : aboveLeft;
}

function placeRow(
  row: Uint8Array,
  rowIndex: number,
  pass: PngPass,
  layout: SampleLayout,
  samples: Uint8Array | Uint16Array,
): void {
  const { channels, depth } = layout;
  const y = pass.firstY + rowIndex * pass.stepY;
  const lineStart = y * layout.widthPx * channels;
  if (depth === 8 && pass.stepX === 1) {
    samples.set(row, lineStart);
    return;
  }
  const mask = (1 << depth) - 1;
  let source = 0;
  for (let column = 0; column < pass.widthPx; column++) {
    let to = lineStart + (pass.firstX + column * pass.stepX) * channels;
    for (let channel = 0; channel < channels; channel++, source++, to++) {
      if (depth === 16) {
        samples[to] = ((row[2 * source] ?? 0) << 8) | (row[2 * source + 1] ?? 0);
      } else if (depth === 8) {
        samples[to] = row[source] ?? 0;
      } else {
        const bit = source * depth;
        samples[to] = ((row[bit >> 3] ?? 0) >> (8 - depth - (bit & 7))) & mask;
      }
    }
  }
}
