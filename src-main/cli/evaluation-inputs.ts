import type { Bag } from '../../src-lab/evaluation/find-bags';
import { findBags } from '../../src-lab/evaluation/find-bags';
import { readThreatBoxes } from '../../src-lab/evaluation/threat-boxes';
import { findMasks } from '../../src-lab/evaluation/threat-masks';
import { PhiscanError } from '../../src-shared/domain/phiscan-error';

/** Folders and files that an evaluation reads. */
export interface EvaluationFolders {
  readonly benign: string;
  readonly threat: string;
  readonly boxes?: string;
  readonly masks?: string;
}

export interface EvaluationInputs {
  readonly benign: readonly Bag[];
  readonly threat: readonly Bag[];
}

/**
 * Finds the bags of an evaluation and what is known of their threats.
 * @throws PhiscanError `arguments-invalid` where a folder holds no scan, where threats lie among
 * the benign bags, or where boxes or masks belong to none of the threat bags
 */
export async function findEvaluationInputs(folders: EvaluationFolders): Promise<EvaluationInputs> {
  const boxes = folders.boxes === undefined ? undefined : await readThreatBoxes(folders.boxes);
  const masks = folders.masks === undefined ? undefined : await findMasks(folders.masks);
  const benign = await findBags(folders.benign, { benignOnly: true });
  const threat = await findBags(folders.threat, {
    ...(boxes === undefined ? {} : { boxes }),
    ...(masks === undefined ? {} : { masks }),
  });
  refuseEmpty(folders.benign, benign);
  refuseEmpty(folders.threat, threat);
  if (boxes !== undefined && !threat.some((bag) => bag.threats !== null)) {
    throw new PhiscanError(
      'arguments-invalid',
      `None of the files in ${folders.boxes ?? ''} lies in ${folders.threat}. Name the boxes of these scans.`,
    );
  }
  if (masks !== undefined && !threat.some((bag) => bag.masks !== null)) {
    throw new PhiscanError(
      'arguments-invalid',
      `None of the masks in ${folders.masks ?? ''} is named as a scan in ${folders.threat}. Name the masks of these scans, each as its scan with the ending .png.`,
    );
  }
  return { benign, threat };
}

function refuseEmpty(directory: string, bags: readonly Bag[]): void {
  if (bags.length > 0) return;
  throw new PhiscanError('arguments-invalid', `No scan was found in ${directory}.`);
}
