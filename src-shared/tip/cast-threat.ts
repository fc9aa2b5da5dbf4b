import type { ThreatPose, ThreatProjection } from './threat-projection';
import { poseMatrix } from './threat-projection';

/** A threat in the pixels of a view: what share of each channel passes, in a box of the view. */
export interface CastThreat {
  /** Place of the box; it may reach over the view's edge. */
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
  /** Transmissions in (0, 1], row-major; 1 wherever the threat is not. */
  readonly low: Float32Array;
  readonly high: Float32Array;
}

/** What the threat is cast onto. */
export interface CastTarget {
  readonly pixelPitchMm: number;
  /** Standard deviation of the scanner's blur in pixels of the view. */
  readonly blurSigmaPx: number;
}

/** How far the kernel reaches, in standard deviations: behind metal its faintest tail is what is seen. */
const REACH = 4.5;
/** The narrowest kernel that leaves no holes between samples of the projection, in its pixels. */
const LEAST_SIGMA = 0.4;

/**
 * Brings a projection to a view's pixels in one step: turned, scaled by the two pitches and blurred
 * to the scanner's own sharpness. A detector averages what reaches it, so transmissions are
 * averaged and not attenuations. The blur that the projection holds already is not added again.
 */
export function castThreat(
  threat: ThreatProjection,
  pose: ThreatPose,
  target: CastTarget,
): CastThreat {
  const scale = target.pixelPitchMm / threat.pixelPitchMm;
  const wanted = target.blurSigmaPx * scale;
  const sigma = Math.max(
    LEAST_SIGMA,
    Math.sqrt(Math.max(0, wanted ** 2 - threat.blurSigmaPx ** 2)),
  );
  const box = castBox(threat, pose, scale, (REACH * sigma) / scale);
  const low = new Float32Array(box.width * box.height).fill(1);
  const high = low.slice();
  const sampler = new TransmissionSampler(threat, sigma);
  const [a, b, c, d] = poseMatrix(pose);
  for (let row = 0, at = 0; row < box.height; row++) {
    const dy = (box.y + row - pose.centreY) * scale;
    for (let column = 0; column < box.width; column++, at++) {
      const dx = (box.x + column - pose.centreX) * scale;
      // The matrix is orthogonal: its transpose leads back.
      const passed = sampler.at(a * dx + c * dy, b * dx + d * dy);
      if (passed === null) continue;
      low[at] = passed.low;
      high[at] = passed.high;
    }
  }
  return { ...box, low, high };
}

function castBox(
  { widthPx, heightPx }: ThreatProjection,
  pose: ThreatPose,
  scale: number,
  marginPx: number,
): Pick<CastThreat, 'x' | 'y' | 'width' | 'height'> {
  const [a, b, c, d] = poseMatrix(pose);
  const halfX = (Math.abs(a) * widthPx + Math.abs(b) * heightPx) / (2 * scale) + marginPx;
  const halfY = (Math.abs(c) * widthPx + Math.abs(d) * heightPx) / (2 * scale) + marginPx;
  const x = Math.floor(pose.centreX - halfX);
  const y = Math.floor(pose.centreY - halfY);
  return {
    x,
    y,
    width: Math.ceil(pose.centreX + halfX) - x + 1,
    height: Math.ceil(pose.centreY + halfY) - y + 1,
  };
}

/** Gaussian means of a projection's transmissions; outside of the projection is air. */
class TransmissionSampler {
  private readonly low: Float32Array;
  private readonly high: Float32Array;
  private readonly reach: number;
  private readonly weightsX: Float64Array;
  private readonly weightsY: Float64Array;
  private readonly passed = { low: 1, high: 1 };

  constructor(
    private readonly threat: ThreatProjection,
    private readonly sigma: number,
  ) {
    this.low = threat.low.map((attenuation) => Math.exp(-attenuation));
    this.high = threat.high.map((attenuation) => Math.exp(-attenuation));
    this.reach = Math.ceil(REACH * sigma);
    this.weightsX = new Float64Array(2 * this.reach + 2);
    this.weightsY = new Float64Array(2 * this.reach + 2);
  }

  /**
   * @param x, y from the projection's middle, in its pixels
   * @returns null where only air is in reach; the same record each time
   */
  at(x: number, y: number): { readonly low: number; readonly high: number } | null {
    const { widthPx, heightPx } = this.threat;
    const u = x + (widthPx - 1) / 2;
    const v = y + (heightPx - 1) / 2;
    const { reach } = this;
    if (u < -reach || v < -reach || u > widthPx + reach - 1 || v > heightPx + reach - 1)
      return null;
    const left = Math.floor(u) - reach;
    const top = Math.floor(v) - reach;
    const weight = this.fill(this.weightsX, left - u) * this.fill(this.weightsY, top - v);
    let low = 0;
    let high = 0;
    let inside = 0;
    for (let j = 0; j < this.weightsY.length; j++) {
      const row = top + j;
      if (row < 0 || row >= heightPx) continue;
      const weightY = this.weightsY[j] ?? 0;
      for (let i = 0; i < this.weightsX.length; i++) {
        const column = left + i;
        if (column < 0 || column >= widthPx) continue;
        const share = weightY * (this.weightsX[i] ?? 0);
        const pixel = row * widthPx + column;
        low += share * (this.low[pixel] ?? 1);
        high += share * (this.high[pixel] ?? 1);
        inside += share;
      }
    }
    const air = weight - inside;
    this.passed.low = Math.min(1, (low + air) / weight);
    this.passed.high = Math.min(1, (high + air) / weight);
    return this.passed;
  }

  /** Fills in the kernel from an offset on, and gives its sum. */
  private fill(weights: Float64Array, from: number): number {
    let sum = 0;
    for (let k = 0; k < weights.length; k++) {
      const weight = Math.exp(-((from + k) ** 2) / (2 * this.sigma * this.sigma));
      weights[k] = weight;
      sum += weight;
    }
    return sum;
  }
}
