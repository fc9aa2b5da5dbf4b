import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { writePngRgb8 } from '../../src-main/scan-io/raster/write-png';
import { PhiscanError } from '../../src-shared/domain/phiscan-error';
import type { View } from '../../src-shared/domain/scan';
import type { Box } from '../../src-shared/domain/screening-outcome';
import { renderMaterialPalette } from '../../src-shared/imaging/material-palette';
import { toCanonicalPicture } from '../../src-shared/imaging/to-canonical-picture';
import { projectThreat } from '../../src-shared/tip/project-threat';
import { pngSource, reportPage, reportSection } from '../report/report-page';
import { RandomStream } from '../simulator/random-stream';
import { simulateBag } from '../simulator/simulate-bag';
import type { RgbPicture } from './picture-grid';
import { pictureGrid, squareAround } from './picture-grid';
import type { CountPlanes } from '../simulator/physics/detect-counts';
import type { ScanPair } from './scan-pair';
import { scanPair } from './scan-pair';
import { starterThreat } from './starter-threat';

export interface TipSheetPlan {
  readonly directory: string;
  readonly seed: number;
  /** Pairs to be told apart, and composites of each kind. */
  readonly pictures: number;
}

export interface TipSheetPictures {
  readonly pairs: RgbPicture;
  /** Which of the two of each row was scanned: 0 left, 1 right. */
  readonly scanned: readonly number[];
  readonly twoEnergies: RgbPicture;
  readonly exports: RgbPicture;
}

const SQUARE_PX = 280;

/**
 * Writes a sheet by which a person judges projected threats: pairs of the same threat in the same
 * place of the same bag, one really scanned and one projected, then composites of the starter
 * library with two energies and with the colours of an export alone. All of it is simulated.
 * @throws PhiscanError `cancelled`
 */
export async function writeTipSheet(
  plan: TipSheetPlan,
  onProgress: (done: number, total: number) => void,
  signal?: AbortSignal,
): Promise<TipSheetPictures> {
  const sheet = drawTipSheet(plan, onProgress, signal);
  await mkdir(plan.directory, { recursive: true });
  const png = async (name: string, { widthPx, heightPx, rgb }: RgbPicture): Promise<string> => {
    const bytes = writePngRgb8(widthPx, heightPx, rgb);
    await writeFile(join(plan.directory, `${name}.png`), bytes);
    return `<img alt="" src="${pngSource(bytes)}">`;
  };
  const answers = sheet.scanned.map((side) => (side === 0 ? 'left' : 'right')).join(', ');
  const page = reportPage({
    title: 'Projected threats, for a person to judge',
    lead: [
      'Look at each pair and say which threat was really in the beam. Somebody who cannot tell is right in half of them.',
    ],
    facts: [{ value: String(sheet.scanned.length), title: 'pairs' }],
    sections: [
      reportSection('One was scanned, one was projected', await png('pairs', sheet.pairs)),
      reportSection('Composites, two energies', await png('two-energies', sheet.twoEnergies)),
      reportSection(
        'The same composites, made from the colours of an export alone',
        await png('exports', sheet.exports),
        ['Approximate: through the inverse of the palette.'],
      ),
      reportSection('Answers', '', [`Scanned, from the first row on: ${answers}.`]),
    ],
  });
  await writeFile(join(plan.directory, 'index.html'), page);
  return sheet;
}

function drawTipSheet(
  { seed, pictures }: TipSheetPlan,
  onProgress: (done: number, total: number) => void,
  signal?: AbortSignal,
): TipSheetPictures {
  const order = new RandomStream([seed, 'tip sheet']);
  const pairs: RgbPicture[] = [];
  const scanned: number[] = [];
  const twoEnergies: RgbPicture[] = [];
  const exports: RgbPicture[] = [];
  for (let index = 0; index < pictures; index++) {
    if (signal?.aborted === true)
      throw new PhiscanError('cancelled', 'Stopped; nothing was written.');
    const pair = scanPair(seed, index);
    const both = [squareOf(pair, pair.scanned), squareOf(pair, pair.projected)];
    const side = order.integer(0, 1);
    scanned.push(side);
    pairs.push(...(side === 0 ? both : both.reverse()));
    const composite = composites(seed, index);
    if (composite !== null) {
      twoEnergies.push(composite.twoEnergies);
      exports.push(composite.fromExport);
    }
    onProgress(index + 1, pictures);
  }
  return {
    pairs: pictureGrid(pairs, 2),
    scanned,
    twoEnergies: pictureGrid(twoEnergies, 4),
    exports: pictureGrid(exports, 4),
  };
}

function squareOf({ widthPx, heightPx, open, passed }: ScanPair, scan: CountPlanes): RgbPicture {
  const rgb = renderMaterialPalette(scan.low, scan.high, open, open);
  return squareAround({ widthPx, heightPx, rgb }, boxOf(passed, widthPx), SQUARE_PX);
}

/** Where a threat lets less of the beam pass. */
function boxOf(passed: Float32Array, widthPx: number): Box {
  let [left, top, right, bottom] = [Infinity, Infinity, 0, 0];
  passed.forEach((value, pixel) => {
    if (value > 0.95) return;
    const x = pixel % widthPx;
    const y = (pixel - x) / widthPx;
    [left, right] = [Math.min(left, x), Math.max(right, x)];
    [top, bottom] = [Math.min(top, y), Math.max(bottom, y)];
  });
  return { x: left, y: top, width: right - left, height: bottom - top };
}

/** The same threat in the same place of a bag, from both energies and from its colours alone. */
function composites(
  seed: number,
  index: number,
): { twoEnergies: RgbPicture; fromExport: RgbPicture } | null {
  const { low, high, ...bag } = simulateBag({ seed, index, threat: 'none' });
  const { widthPx, heightPx, pixelPitchMm } = bag;
  const facts = { index: 0, widthPx, heightPx, pixelPitchMm };
  const dual: View = { ...facts, pixels: { kind: 'dual-energy', low, high } };
  const { rgb } = toCanonicalPicture(dual);
  const exported: View = { ...facts, pixels: { kind: 'rgb', rgb } };
  const threat = starterThreat(seed, index);
  const [attitude = []] = threat.attitudes;
  const squares = [dual, exported].map((view): RgbPicture | null => {
    const picture = toCanonicalPicture(view);
    const composite = projectThreat([{ view, picture }], attitude, seed + index, null);
    const [placed] = composite?.placed ?? [];
    const [drawn] = composite?.views ?? [];
    if (placed === undefined || drawn === undefined) return null;
    return squareAround(toCanonicalPicture(drawn), placed.box, SQUARE_PX);
  });
  const [twoEnergies, fromExport] = squares;
  return twoEnergies && fromExport ? { twoEnergies, fromExport } : null;
}
