import { PhiscanError, toErrorRecord } from '../../../src-shared/domain/phiscan-error';
import type { Scan } from '../../../src-shared/domain/scan';
import { toCanonicalPicture } from '../../../src-shared/imaging/to-canonical-picture';
import type { BagView } from '../../../src-shared/tip/project-threat';
import { projectThreat } from '../../../src-shared/tip/project-threat';
import { readScan } from '../../scan-io/read-scan';
import { readProjection } from '../../scan-io/tip/projection-file';
import type {
  CompositeFacts,
  CompositeSource,
  ScreenedSource,
} from '../../../src-shared/tip/composite-source';

interface Screened {
  readonly scan: Scan;
  readonly composite?: CompositeFacts;
}

/**
 * Reads what is to be scored and shown: a scan, or a scan with a threat projected into it in
 * memory. Where that cannot be done the composite is the scan alone, and its facts say why: the
 * person at the screen must learn nothing of a projection that did not come about.
 * @throws PhiscanError as the scan itself does
 */
export async function readScreened(source: ScreenedSource): Promise<Screened> {
  if (source.kind !== 'composite') return { scan: await readScan(source) };
  const scan = await readScan(source.scan);
  try {
    return await composed(scan, source);
  } catch (error) {
    if (!(error instanceof PhiscanError)) throw error;
    return { scan, composite: { state: 'none', fault: toErrorRecord(error) } };
  }
}

async function composed(
  scan: Scan,
  { library, projections, seed, lanePitchMm }: CompositeSource,
): Promise<Screened> {
  const wanted = projections.slice(0, scan.views.length);
  const threat = await Promise.all(wanted.map((entry) => readProjection(library, entry)));
  const bag = scan.views.map((view): BagView => ({ view, picture: toCanonicalPicture(view) }));
  const composite = projectThreat(bag, threat, seed, lanePitchMm);
  if (composite === null) return { scan, composite: { state: 'none', fault: null } };
  const places = composite.placed.map(({ viewIndex, box }) => ({ viewIndex, ...box }));
  const approximations = [...composite.approximations];
  return {
    scan: { ...scan, views: composite.views },
    composite: { state: 'projected', places, approximations },
  };
}
