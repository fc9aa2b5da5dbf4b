import { z } from 'zod';
import { missingCaseError } from '../../src-shared/domain/missing-case-error';
import { PhiscanError } from '../../src-shared/domain/phiscan-error';
import type { Manifest } from '../../src-shared/domain/model-bundle';
import { tileGrid } from '../../src-shared/screening/tiling';
import type { LoadedModel } from '../../src-main/engine/engine';
import { screenView } from '../../src-main/engine/host/screen-view';
import { Stopwatch } from '../../src-main/engine/host/stopwatch';
import { auroc } from '../evaluation/ranking-metrics';
import { tileDarkness } from '../evaluation/tile-darkness';
import { SIMULATOR_VERSION } from '../simulator/simulator-version';
import { BagCount, type Watch } from './simulated-sets';
import { cropSquare, PATCH_SIDE_PX } from './square';
import { squareScore } from './square-score';
import { ffobTestScans, isThreatClass, ubaTestScans, type TestScan } from './test-scans';

/** A bundle that screens, and its model loaded by an engine. */
export interface BundleUnderTest {
  readonly manifest: Manifest;
  readonly model: LoadedModel;
}

export interface BundleMeasurement {
  readonly protocol: 'uba' | 'ffob';
  readonly classes: readonly string[];
  readonly testBags: number;
  readonly watch: Watch;
}

const figuresSchema = z.record(z.string(), z.number());

export const bundleRecordSchema = z.strictObject({
  formatVersion: z.literal(1),
  bundle: z.string(),
  simulator: z.string(),
  classes: z.array(z.string()),
  testBags: z.int(),
  scored: z.strictObject({ normal: z.int(), abnormal: z.record(z.string(), z.int()) }),
  /** AUROC of each class by the bundle, and by the darkness of the same patches. */
  auroc: z.strictObject({ bundle: figuresSchema, darkness: figuresSchema }),
});
export type BundleRecord = z.infer<typeof bundleRecordSchema>;

/** Scores of one list of patches. */
interface ListScores {
  readonly bundle: number[];
  readonly darkness: number[];
}

/**
 * A model bundle on a protocol's test: every scan is screened whole, exactly as a lane's would be,
 * and a patch has the score of the tiles that lie on it (`squareScore`). All patches of the test
 * are scored, and beside them stands how dark each is.
 * @throws PhiscanError `cancelled`, and what screening throws
 */
export async function measureBundle(
  { manifest, model }: BundleUnderTest,
  { protocol, classes, testBags, watch }: BundleMeasurement,
): Promise<BundleRecord> {
  const normal: ListScores = { bundle: [], darkness: [] };
  const abnormal = new Map<string, ListScores>(
    classes.map((name) => [name, { bundle: [], darkness: [] }]),
  );
  const count = new BagCount(testBags * (protocol === 'uba' ? classes.length : 2), watch);
  for (const scan of scansOf(protocol, classes, testBags)) {
    const outcome = await screenView(scan.simulated, {
      model,
      manifest,
      stopwatch: new Stopwatch(),
      signal: watch.signal,
    });
    if (outcome.state === 'unscored') {
      throw new PhiscanError(outcome.error.code, outcome.error.message);
    }
    const add = (list: ListScores | undefined, squares: TestScan['squares']['normal']): void => {
      for (const square of squares) {
        list?.bundle.push(squareScore(square, outcome.tileScores));
        list?.darkness.push(darknessOf(cropSquare(scan.simulated.picture, square)));
      }
    };
    add(normal, scan.squares.normal);
    add(abnormal.get(scan.className), scan.squares.abnormal);
    await count.next();
  }
  const figures = (by: keyof ListScores): Record<string, number> =>
    Object.fromEntries([...abnormal].map(([name, list]) => [name, auroc(normal[by], list[by])]));
  return {
    formatVersion: 1,
    bundle: manifest.id,
    simulator: SIMULATOR_VERSION,
    classes: [...classes],
    testBags,
    scored: {
      normal: normal.bundle.length,
      abnormal: Object.fromEntries(
        [...abnormal].map(([name, { bundle }]) => [name, bundle.length]),
      ),
    },
    auroc: { bundle: figures('bundle'), darkness: figures('darkness') },
  };
}

function scansOf(
  protocol: BundleMeasurement['protocol'],
  classes: readonly string[],
  testBags: number,
): Iterable<TestScan> {
  switch (protocol) {
    case 'uba':
      return ubaTestScans(classes.filter(isThreatClass), testBags);
    case 'ffob':
      return ffobTestScans(testBags);
    default:
      throw missingCaseError(protocol);
  }
}

const PATCH_GRID = tileGrid(PATCH_SIDE_PX, PATCH_SIDE_PX, {
  tileSizePx: PATCH_SIDE_PX,
  stridePx: PATCH_SIDE_PX,
});

function darknessOf(rgb: Uint8Array): number {
  const picture = { widthPx: PATCH_SIDE_PX, heightPx: PATCH_SIDE_PX, rgb };
  return tileDarkness(picture, PATCH_GRID, [0])[0] ?? Number.NaN;
}
