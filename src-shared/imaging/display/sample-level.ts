import type { DisplayLevel } from './display-view';

/**
 * Reads samples between pixels, bilinear. A position is in the level's pixels, whose centres lie at
 * halves; beyond the edge the edge's own samples go on.
 */
export class LevelSampler {
  constructor(
    private readonly level: DisplayLevel,
    private readonly channels: number,
  ) {}

  /** Adds `weight` times the samples at a position to `into`. */
  add(x: number, y: number, weight: number, into: Float64Array): void {
    const { widthPx, heightPx, samples } = this.level;
    const { channels } = this;
    const left = Math.floor(x - 0.5);
    const top = Math.floor(y - 0.5);
    const fx = x - 0.5 - left;
    const fy = y - 0.5 - top;
    const x0 = clamp(left, widthPx) * channels;
    const x1 = clamp(left + 1, widthPx) * channels;
    const y0 = clamp(top, heightPx) * widthPx * channels;
    const y1 = clamp(top + 1, heightPx) * widthPx * channels;
    for (let channel = 0; channel < channels; channel++) {
      const above =
        (samples[y0 + x0 + channel] ?? 0) * (1 - fx) + (samples[y0 + x1 + channel] ?? 0) * fx;
      const below =
        (samples[y1 + x0 + channel] ?? 0) * (1 - fx) + (samples[y1 + x1 + channel] ?? 0) * fx;
      into[channel] = (into[channel] ?? 0) + weight * (above * (1 - fy) + below * fy);
    }
  }
}

function clamp(index: number, length: number): number {
  return index < 0 ? 0 : index >= length ? length - 1 : index;
}
