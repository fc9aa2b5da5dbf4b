import type { CallResponse } from '../../src-shared/contract/contract';
import type { FoundBundle } from '../services/models-service';

/** What a supervisor sees of a bundle before activating it. */
export function bundleSummary(found: FoundBundle): CallResponse<'models.list'>[number] {
  if (found.bundle === null) {
    return {
      id: found.id,
      createdAt: '',
      description: '',
      trainingSet: '',
      benignBags: 0,
      scannerKinds: [],
      error: { ...found.error },
    };
  }
  const { id, createdAt, training, calibration } = found.bundle.manifest;
  return {
    id,
    createdAt,
    description: training.description,
    trainingSet: training.trainingSet,
    benignBags: calibration?.bagMaxima.length ?? 0,
    scannerKinds: [...(calibration?.scannerKinds ?? [])],
    error: null,
  };
}
