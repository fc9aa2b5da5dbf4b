import { missingCaseError } from '../domain/missing-case-error';
import type { Calibration } from '../domain/model-bundle';
import type { PixelKind } from '../domain/scan';

/**
 * The kind of scanner picture that is assumed where no lane's profile names one: what the pixels
 * are. It is coarse on purpose; sites name their scanners.
 */
export function scannerKindOf(pixelKind: PixelKind): string {
  switch (pixelKind) {
    case 'dual-energy':
      return 'dual-energy';
    case 'single-energy':
      return 'grey';
    case 'rgb':
      return 'rgb-export';
    default:
      throw missingCaseError(pixelKind);
  }
}

/** Whether a scale says anything about a scanner's pictures (DOMAIN.md, rule 6). */
export function coversScanner(calibration: Calibration | null, scannerKind: string): boolean {
  return calibration?.scannerKinds.includes(scannerKind) ?? false;
}

/**
 * Whether a scale says anything about pictures of a kind, whatever scanner the lane is said to
 * have: an RGB export opened on a dual-energy scanner's lane is not covered by its calibration.
 */
export function coversPictures(
  calibration: Calibration | null,
  pixelKinds: readonly PixelKind[],
): boolean {
  return pixelKinds.every((kind) => calibration?.pixelKinds.includes(kind) ?? false);
}
