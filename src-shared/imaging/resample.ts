/** An interleaved 8-bit picture: RGB (3 channels) or one plane (1 channel). */
export interface ByteRaster {
  readonly widthPx: number;
  readonly heightPx: number;
  readonly channels: 1 | 3;
  readonly values: Uint8Array;
}

/**
 * Scales a picture by a factor: each new pixel is the mean of the area it covers when shrinking,
 * bilinear between pixel centres when enlarging. The new sides are rounded and at least 1, and the
 * picture is stretched to fill them exactly. Pure and the same on every machine. A factor that
 * keeps both sides gives the same raster back, not a copy.
 *
 * @param factor over 0: new pixels for each old one along a side
 */
export function resample(source: ByteRaster, factor: number): ByteRaster {
  if (!(factor > 0)) throw new RangeError(`a scale factor must be over 0, not ${String(factor)}`);
  const widthPx = Math.max(1, Math.round(source.widthPx * factor));
  const heightPx = Math.max(1, Math.round(source.heightPx * factor));
  if (widthPx === source.widthPx && heightPx === source.heightPx) return source;
  const columns = tapsAlong(source.widthPx, widthPx);
  const rows = tapsAlong(source.heightPx, heightPx);
  const values = new Uint8Array(widthPx * heightPx * source.channels);
  const rowLength = widthPx * source.channels;
  const sum = new Float64Array(rowLength);
  const squeezed = new RowCache(source, columns, rowLength);
  for (let y = 0; y < heightPx; y++) {
    sum.fill(0);
    const { first, weights } = tapsAt(rows, y);
    weights.forEach((weight, offset) => {
      const row = squeezed.row(first + offset);
      for (let at = 0; at < rowLength; at++) sum[at] = (sum[at] ?? 0) + weight * (row[at] ?? 0);
    });
    const start = y * rowLength;
    for (let at = 0; at < rowLength; at++) values[start + at] = Math.floor((sum[at] ?? 0) + 0.5);
  }
  return { widthPx, heightPx, channels: source.channels, values };
}

/** Weights, adding up to 1, of the old pixels `first`, `first + 1`, … in one new pixel. */
interface Taps {
  readonly first: number;
  readonly weights: readonly number[];
}

function tapsAt(taps: readonly Taps[], index: number): Taps {
  const found = taps[index];
  if (found === undefined) throw new RangeError(`no taps for pixel ${String(index)}`);
  return found;
}

function tapsAlong(oldLength: number, newLength: number): Taps[] {
  const step = oldLength / newLength;
  return Array.from({ length: newLength }, (_, index) =>
    step > 1
      ? areaTaps(index * step, (index + 1) * step, oldLength)
      : linearTaps(index, step, oldLength),
  );
}

function areaTaps(from: number, to: number, length: number): Taps {
  const first = Math.floor(from);
  const end = Math.min(Math.ceil(to - 1e-9), length);
  const weights: number[] = [];
  for (let pixel = first; pixel < end; pixel++) {
    weights.push((Math.min(pixel + 1, to) - Math.max(pixel, from)) / (to - from));
  }
  return { first, weights };
}

function linearTaps(index: number, step: number, length: number): Taps {
  const centre = Math.min(Math.max((index + 0.5) * step - 0.5, 0), length - 1);
  const first = Math.min(Math.floor(centre), Math.max(length - 2, 0));
  const share = centre - first;
  return share === 0 ? { first, weights: [1] } : { first, weights: [1 - share, share] };
}

/** Old rows already scaled along x; neighbouring new rows share them, so the last few are kept. */
class RowCache {
  private readonly rows: { index: number; values: Float64Array }[];

  constructor(
    private readonly source: ByteRaster,
    private readonly columns: readonly Taps[],
    rowLength: number,
  ) {
    this.rows = [0, 1].map(() => ({ index: -1, values: new Float64Array(rowLength) }));
  }

  row(index: number): Float64Array {
    const slot = this.rows[index % 2];
    if (slot === undefined) throw new RangeError('row cache is empty');
    if (slot.index !== index) {
      this.scaleRow(index, slot.values);
      slot.index = index;
    }
    return slot.values;
  }

  private scaleRow(index: number, into: Float64Array): void {
    const { values, channels, widthPx } = this.source;
    const start = index * widthPx * channels;
    let at = 0;
    for (const { first, weights } of this.columns) {
      for (let channel = 0; channel < channels; channel++) {
        let sum = 0;
        let from = start + first * channels + channel;
        for (const weight of weights) {
          sum += weight * (values[from] ?? 0);
          from += channels;
        }
        into[at++] = sum;
      }
    }
  }
}
