/** A benign picture at the model's scale as interleaved attenuation planes. */
export interface AttenuationPicture {
  readonly widthPx: number;
  readonly heightPx: number;
  /** (height, width, 2), see attenuation-planes. */
  readonly planes: Float32Array;
}
