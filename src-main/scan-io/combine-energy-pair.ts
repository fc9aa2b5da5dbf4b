import { PhiscanError } from '../../src-shared/domain/phiscan-error';
import type { ScanFormat } from '../../src-shared/domain/scan';
import type { ParsedScan, ParsedView } from './parsed-scan';
import { refuseSwappedEnergies } from './refuse-swapped-energies';

/**
 * Joins a low- and a high-energy file of the same view into one dual-energy view.
 * @throws PhiscanError energy-pair-mismatch when they are not grey pictures of one kind and size,
 * or are swapped
 */
export function combineEnergyPair(low: ParsedScan, high: ParsedScan): ParsedScan {
  const lowView = onlyGreyView(low, 'low');
  const highView = onlyGreyView(high, 'high');
  if (low.format !== high.format) {
    throw mismatch(`the low-energy file is ${low.format}, the high-energy file ${high.format}`);
  }
  if (lowView.widthPx !== highView.widthPx || lowView.heightPx !== highView.heightPx) {
    throw mismatch(
      `the low-energy picture is ${sizeOf(lowView)}, the high-energy picture ${sizeOf(highView)}`,
    );
  }
  const format = pairFormat(low.format);
  const energies = { low: lowView.pixels.grey, high: highView.pixels.grey };
  refuseSwappedEnergies(energies);
  return {
    format,
    views: [
      {
        widthPx: lowView.widthPx,
        heightPx: lowView.heightPx,
        pixelPitchMm: lowView.pixelPitchMm ?? highView.pixelPitchMm,
        pixels: { kind: 'dual-energy', ...energies },
      },
    ],
  };
}

type GreyView = ParsedView & { pixels: { kind: 'single-energy' } };

function onlyGreyView(scan: ParsedScan, energy: 'low' | 'high'): GreyView {
  const [view, ...others] = scan.views;
  if (view === undefined || others.length > 0) {
    throw mismatch(`the ${energy}-energy file holds ${String(scan.views.length)} views, not one`);
  }
  if (!isGrey(view)) throw mismatch(`the ${energy}-energy file is not a grey picture`);
  return view;
}

function isGrey(view: ParsedView): view is GreyView {
  return view.pixels.kind === 'single-energy';
}

function pairFormat(format: ScanFormat): ScanFormat {
  if (format === 'png') return 'png-pair';
  if (format === 'tiff') return 'tiff-pair';
  if (format === 'dicom' || format === 'dicos') return format;
  throw mismatch(`a pair of ${format} files keeps too little of the detector's range`);
}

function sizeOf(view: ParsedView): string {
  return `${String(view.widthPx)} × ${String(view.heightPx)} pixels`;
}

function mismatch(found: string): PhiscanError {
  return new PhiscanError(
    'energy-pair-mismatch',
    `The two files of this scan do not belong together: ${found}. Export the scan again.`,
  );
}
