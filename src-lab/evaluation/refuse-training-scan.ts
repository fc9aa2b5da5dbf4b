import type { ModelBundle } from '../../src-shared/domain/model-bundle';
import { scanHashOf } from '../../src-shared/domain/model-bundle';
import { PhiscanError } from '../../src-shared/domain/phiscan-error';

/** Whether a bundle lists a scan, by its SHA-256, among those that it was trained on. */
export function isTrainingScan({ manifest }: ModelBundle, sha256: string): boolean {
  return manifest.training.scanHashes?.includes(scanHashOf(sha256)) === true;
}

/**
 * A model is less surprised by what it was trained on, so a scale made of its training scans
 * would promise fewer alarms than come. Nothing is refused for a bundle that does not list its
 * training scans.
 * @throws PhiscanError `arguments-invalid` when a scan is among those that the model was trained on
 */
export function refuseTrainingScan(
  bundle: ModelBundle,
  scan: { readonly name: string; readonly sha256: string },
): void {
  if (!isTrainingScan(bundle, scan.sha256)) return;
  throw new PhiscanError(
    'arguments-invalid',
    `Benign scans that the model was not trained on were expected; ${scan.name} is one of its training scans. Name a folder of other benign scans.`,
  );
}
