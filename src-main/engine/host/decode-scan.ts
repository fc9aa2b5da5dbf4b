import type { ScanFormat, View, ViewPixels } from '../../../src-shared/domain/scan';
import type { CanonicalPicture } from '../../../src-shared/imaging/canonical-picture';
import { toCanonicalPicture } from '../../../src-shared/imaging/to-canonical-picture';
import type { OutcomeView } from '../../../src-shared/screening/view-outcome';
import type { CompositeFacts, ScreenedSource } from '../../../src-shared/tip/composite-source';
import { readScreened } from './read-screened';

/** What screening needs of a view. */
export interface DecodedView {
  readonly view: OutcomeView;
  readonly picture: CanonicalPicture;
}

/** A view with the source's own samples, which the viewer draws. */
export interface DrawableView extends DecodedView {
  readonly pixels: ViewPixels;
}

export interface DecodedScan {
  readonly sha256: string;
  readonly format: ScanFormat;
  readonly views: readonly DecodedView[];
  /** What became of a projection, where the source is a composite. */
  readonly composite?: CompositeFacts;
  /** Memory that the planes take. */
  readonly bytes: number;
}

/** A scan that can be drawn, too. */
export interface DrawableScan extends DecodedScan {
  readonly views: readonly DrawableView[];
}

/**
 * Reads a scan and makes the canonical picture of each view.
 * @throws PhiscanError with one of the codes under "reading scans" in phiscan-error.ts
 */
export async function decodeScan(source: ScreenedSource): Promise<DrawableScan> {
  const { scan, ...projection } = await readScreened(source);
  const views = scan.views.map(decodeView);
  const bytes = views.reduce(
    (sum, { picture, pixels }) =>
      sum + picture.rgb.byteLength + picture.brightness.byteLength + ownBytes(pixels),
    0,
  );
  return { sha256: scan.sha256, format: scan.format, views, ...projection, bytes };
}

function decodeView(view: View): DrawableView {
  const { index, widthPx, heightPx, pixelPitchMm, pixels } = view;
  return {
    view: { index, widthPx, heightPx, pixelPitchMm, pixels: { kind: pixels.kind } },
    picture: toCanonicalPicture(view),
    pixels,
  };
}

/** An export's pixels are its canonical picture: they take no memory of their own. */
function ownBytes(pixels: ViewPixels): number {
  if (pixels.kind === 'rgb') return 0;
  if (pixels.kind === 'single-energy') return pixels.grey.byteLength;
  return pixels.low.byteLength + pixels.high.byteLength;
}
