/**
 * One projection of a threat on air: how much of the beam it takes in each channel.
 * Attenuations are −ln of the share of the open beam that passes; they are never negative.
 */
export interface ThreatProjection {
  readonly widthPx: number;
  readonly heightPx: number;
  /** Millimetres a pixel in the plane of the bag. */
  readonly pixelPitchMm: number;
  /** Standard deviation of the blur that the projection holds already, in its own pixels. */
  readonly blurSigmaPx: number;
  /** Row-major, one value a pixel. */
  readonly low: Float32Array;
  readonly high: Float32Array;
}

/** Attenuation over which a pixel of a projection belongs to the threat. */
export const THREAT_ATTENUATION = 0.02;

/** How a projection is laid into a view: mirrored, then turned about its middle. */
export interface ThreatPose {
  /** Radians, from the view's x towards its y. */
  readonly angle: number;
  readonly mirrored: boolean;
  /** Where the projection's middle lies, in pixels of the view (whole numbers are middles of pixels). */
  readonly centreX: number;
  readonly centreY: number;
}

/** The matrix of a pose without its place: from millimetres on the projection to those on the view. */
export function poseMatrix({
  angle,
  mirrored,
}: Pick<ThreatPose, 'angle' | 'mirrored'>): readonly [number, number, number, number] {
  const cos = Math.cos(angle);
  const sin = Math.sin(angle);
  return mirrored ? [-cos, -sin, -sin, cos] : [cos, -sin, sin, cos];
}
