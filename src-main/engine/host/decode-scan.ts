import type { ScanFormat, ScanSource, View } from '../../../src-shared/domain/scan';
import type { CanonicalPicture } from '../../../src-shared/imaging/canonical-picture';
import { toCanonicalPicture } from '../../../src-shared/imaging/to-canonical-picture';
import type { OutcomeView } from '../../../src-shared/screening/view-outcome';
import { readScan } from '../../scan-io/read-scan';

/** A view without its source pixels: what screening and drawing need of it. */
export interface DecodedView {
  readonly view: OutcomeView;
  readonly picture: CanonicalPicture;
}

export interface DecodedScan {
  readonly sha256: string;
  readonly format: ScanFormat;
  readonly views: readonly DecodedView[];
  /** Memory that the planes take. */
  readonly bytes: number;
}

/**
 * Reads a scan and makes the canonical picture of each view; the source pixels are let go.
 * @throws PhiscanError with one of the codes under "reading scans" in phiscan-error.ts
 */
export async function decodeScan(source: ScanSource): Promise<DecodedScan> {
  const scan = await readScan(source);
  const views = scan.views.map(decodeView);
  const bytes = views.reduce(
    (sum, { picture }) => sum + picture.rgb.byteLength + picture.brightness.byteLength,
    0,
  );
  return { sha256: scan.sha256, format: scan.format, views, bytes };
}

function decodeView(view: View): DecodedView {
  const { index, widthPx, heightPx, pixelPitchMm, pixels } = view;
  return {
    view: { index, widthPx, heightPx, pixelPitchMm, pixels: { kind: pixels.kind } },
    picture: toCanonicalPicture(view),
  };
}
