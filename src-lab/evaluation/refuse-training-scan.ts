import type { ModelBundle } from '../../src-shared/domain/model-bundle';
import { scanHashOf } from '../../src-shared/domain/model-bundle';
import { PhiscanError } from '../../src-shared/domain/phiscan-error';

/**
 * A model is less surprised by what it was trained on, so a scale made of its training scans
 * would promise fewer alarms than come. Nothing is refused for a bundle that does not list its
 * training scans.
 * @throws PhiscanError `arguments-invalid` when a scan is among those that the model was trained on
 */
export function refuseTrainingScan(
  { manifest }: ModelBundle,
  scan: { readonly name: string; readonly sha256: string },
): void {
  if (manifest.training.scanHashes?.includes(scanHashOf(scan.sha256)) !== true) return;
  throw new PhiscanError(
    'arguments-invalid',
    `Benign scans that the model was not trained on were expected; ${scan.name} is one of its training scans. Name a folder of other benign scans.`,
  );
}
