import { missingCaseError } from '../../domain/missing-case-error';
import type { PixelKind } from '../../domain/scan';

/** Attenuations (−ln of transmission) that are spread over the whole range of brightness. */
export interface DensityWindow {
  readonly from: number;
  readonly to: number;
}

/**
 * What is done to a view's samples on the way to the screen; the stored scan is never altered.
 * Every step can be combined with every other, and taken back alone.
 */
export interface DisplaySteps {
  /** The trade's colours, ones that colour-blind people tell apart, or none. */
  readonly colour: 'palette' | 'safe' | 'grey';
  /** Which materials keep their colour; the others fade to a pale grey. */
  readonly material: 'all' | 'organic' | 'inorganic' | 'metal';
  /** Which part of the range of attenuation is shown: all, dense things, thin things, or a window. */
  readonly density: 'all' | 'dense' | 'thin' | DensityWindow;
  readonly negative: boolean;
  readonly edges: boolean;
  readonly smooth: boolean;
  /** Brightness is raised to the power 1 / gamma; 1 changes nothing. */
  readonly gamma: number;
}

export const ORIGINAL_STEPS: DisplaySteps = {
  colour: 'palette',
  material: 'all',
  density: 'all',
  negative: false,
  edges: false,
  smooth: false,
  gamma: 1,
};

/** Why a step that needs both energies can't be taken on pixels of a kind; null where it can. */
export function whyNoMaterial(kind: PixelKind): 'one-energy' | 'scanner-colours' | null {
  switch (kind) {
    case 'dual-energy':
      return null;
    case 'single-energy':
      return 'one-energy';
    case 'rgb':
      return 'scanner-colours';
    default:
      throw missingCaseError(kind);
  }
}
