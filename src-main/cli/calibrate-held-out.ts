import path from 'node:path';
import type { Bag } from '../../src-lab/evaluation/find-bags';
import { pathOf } from '../../src-lab/ganomaly/training-scans';
import type { ModelBundle } from '../../src-shared/domain/model-bundle';
import { PhiscanError } from '../../src-shared/domain/phiscan-error';
import { MIN_CALIBRATION_BAGS } from '../../src-shared/screening/calibration';
import type { FoundScan } from '../scan-io/group-scan-sources';
import { calibrateOn } from './calibrate';
import type { CommandLine } from './command-line';
import { writeLine } from './command-line';

/**
 * Asked before a training begins, since it may take hours to come to its scale.
 * @throws PhiscanError `calibration-impossible` when too few scans are held out to make one
 */
export function refuseFewHeldOut(heldOutScans: number): void {
  if (heldOutScans >= MIN_CALIBRATION_BAGS) return;
  throw new PhiscanError(
    'calibration-impossible',
    `--calibrate needs at least ${MIN_CALIBRATION_BAGS} held-out scans for a scale, and ` +
      `${heldOutScans} would be held out. Give more benign scans or a larger --hold-out, or leave ` +
      '--calibrate out and calibrate on other benign scans.',
  );
}

/**
 * The end of `phiscan train --calibrate`: the scale from the scans that the training held out.
 * None of them was trained on, but the training was judged and chosen by them, which bundle and
 * output say.
 */
export async function calibrateHeldOut(
  bundle: ModelBundle,
  heldOut: readonly FoundScan[],
  { benign, out }: { readonly benign: string; readonly out: string },
  commandLine: CommandLine,
): Promise<void> {
  const folder = path.basename(path.resolve(benign));
  await calibrateOn(
    bundle,
    {
      bags: heldOut.map(bagOf),
      set: `the scans of ${folder} that training held out and chose by (the scale is slightly optimistic)`,
    },
    { out, engine: 'auto', leaveTrainedOut: true },
    commandLine,
  );
  await writeLine(
    commandLine.stdout,
    'The held-out scans were not trained on, but the training was chosen by them: somewhat more ' +
      'benign bags may alarm than this scale says. phiscan calibrate with benign scans that this ' +
      'training has not seen makes a better one.',
  );
}

function bagOf(scan: FoundScan): Bag {
  const source = scan.state === 'found' ? scan.source : scan.error;
  return { name: pathOf(scan), source, threats: null, masks: null };
}
