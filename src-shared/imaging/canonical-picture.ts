/**
 * What the model and the operator see of a view, whatever the scanner delivered: an 8-bit
 * pseudo-colour picture, with what was found of its open beam and its dense areas.
 */
export interface CanonicalPicture {
  readonly widthPx: number;
  readonly heightPx: number;
  /** Interleaved RGB, row-major. */
  readonly rgb: Uint8Array;
  /** Relative transmission of each pixel by brightness, 0 (nothing passes) to 255 (open beam). */
  readonly brightness: Uint8Array;
  /** How the picture was made from the view's pixels. */
  readonly transform: 'material-palette' | 'grey-as-rgb' | 'as-delivered';
  /** Level of air in the source's own units and its share of the picture, or null when none is found. */
  readonly openBeam: { readonly level: number; readonly share: number } | null;
}
