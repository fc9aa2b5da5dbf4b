import type { RgbPixels, SingleEnergyPixels, ViewPixels } from '../../../src-shared/domain/scan';
import type { DicomElements } from '../dicom/dicom-elements';
import { refuseSwappedEnergies } from '../refuse-swapped-energies';
import { corrupt } from '../scan-faults';
import { HIGH_ENERGY_DETECTORS, LOW_ENERGY_DETECTORS } from './dicos-identifiers';

/** Whether an object says that both its low- and its high-energy detectors made its frames. */
export function holdsBothEnergies(elements: DicomElements): boolean {
  return [LOW_ENERGY_DETECTORS, HIGH_ENERGY_DETECTORS].every((tag) =>
    (elements.text(tag) ?? '').toUpperCase().startsWith('Y'),
  );
}

/**
 * Joins the frames of an object that holds both energies: each view is a low and a high frame.
 * @throws PhiscanError file-corrupt when frames are left over or are not grey, energy-pair-mismatch
 * when the high-energy frame comes first
 */
export function joinEnergyFrames(
  frames: readonly (SingleEnergyPixels | RgbPixels)[],
): ViewPixels[] {
  if (frames.length % 2 !== 0) {
    throw corrupt('DICOS', 'it promises two energies but one frame has no other half');
  }
  const views: ViewPixels[] = [];
  for (let index = 0; index < frames.length; index += 2) {
    const low = frames[index];
    const high = frames[index + 1];
    if (low?.kind !== 'single-energy' || high?.kind !== 'single-energy') {
      throw corrupt('DICOS', 'it promises two energies but holds colours');
    }
    refuseSwappedEnergies({ low: low.grey, high: high.grey });
    views.push({ kind: 'dual-energy', low: low.grey, high: high.grey });
  }
  return views;
}
