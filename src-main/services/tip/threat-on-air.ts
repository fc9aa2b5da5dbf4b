import { PhiscanError } from '../../../src-shared/domain/phiscan-error';
import type { View } from '../../../src-shared/domain/scan';
import { COUNTS_SEARCH, findOpenBeam } from '../../../src-shared/imaging/find-open-beam';
import { measureBlur } from '../../../src-shared/tip/scanner-blur';
import type { ThreatProjection } from '../../../src-shared/tip/threat-projection';
import { toCanonicalPicture } from '../../../src-shared/imaging/to-canonical-picture';

/** Attenuation over which a pixel of a scan on air belongs to the threat: above any noise. */
const THREAT_OVER = 0.06;
/** Air kept around the threat, so that its own blur fades out. */
const MARGIN_PX = 4;
/** A threat smaller than this is not what was meant to be scanned. */
const LEAST_SIDE_MM = 15;
/** Noise of air under this attenuation is taken off: a projection must not bring noise of its own. */
const AIR_UNDER = 0.02;

export interface ImportedView {
  readonly view: View;
  /** Names the scan in messages. */
  readonly name: string;
  /** For scans that do not say theirs; null where it is not known. */
  readonly pixelPitchMm: number | null;
}

/**
 * Makes a projection of a threat that was scanned alone, on air. Its noise is taken off as far as
 * the mean of neighbours does, since the composite gets noise of its own.
 * @throws PhiscanError `threat-scan-unsuitable`, which says what is wrong with the scan
 */
export function threatOnAir({ view, name, pixelPitchMm }: ImportedView): ThreatProjection {
  const pitch = view.pixelPitchMm ?? pixelPitchMm;
  const { widthPx, heightPx, pixels } = view;
  if (pixels.kind !== 'dual-energy') {
    const kind = pixels.kind === 'rgb' ? 'a pseudo-colour picture' : 'of one energy';
    throw unsuitable(name, `it is ${kind}; a projection needs the low and the high channel`);
  }
  if (pitch === null) {
    throw unsuitable(name, 'its pixel pitch is not known; give it with --pitch');
  }
  const channel = (counts: Uint16Array): Float32Array => {
    const open = findOpenBeam(counts, COUNTS_SEARCH);
    if (open === null) throw unsuitable(name, 'no open beam was found around the threat');
    return smoothed(attenuationOf(counts, open.level), widthPx);
  };
  const low = channel(pixels.low);
  const high = channel(pixels.high);
  const box = boxOf(low, widthPx, heightPx);
  if (box === null) throw unsuitable(name, 'nothing in it attenuates the beam');
  if (Math.max(box.width, box.height) * pitch < LEAST_SIDE_MM) {
    throw unsuitable(name, `what it shows is under ${LEAST_SIDE_MM} mm long`);
  }
  const isCut =
    box.x === 0 || box.y === 0 || box.x + box.width >= widthPx || box.y + box.height >= heightPx;
  if (isCut) throw unsuitable(name, 'the threat touches the border of the picture');
  const { brightness } = toCanonicalPicture(view);
  const wide = grown(box, widthPx, heightPx);
  return {
    widthPx: wide.width,
    heightPx: wide.height,
    pixelPitchMm: pitch,
    // The mean of neighbours adds a blur of its own: of variance 2/3 × 1/4 a direction.
    blurSigmaPx: Math.hypot(measureBlur(brightness, widthPx, heightPx), SMOOTHING_SIGMA),
    low: cut(low, widthPx, wide),
    high: cut(high, widthPx, wide),
  };
}

/** Standard deviation of the kernel [1, 2, 1] / 4. */
const SMOOTHING_SIGMA = Math.SQRT1_2;

interface PixelBox {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

const attenuationOf = (counts: Uint16Array, open: number): Float32Array =>
  Float32Array.from(counts, (count) => Math.log(open / Math.max(count, 1)));

function smoothed(plane: Float32Array, widthPx: number): Float32Array {
  const along = (values: Float32Array, step: number): Float32Array =>
    values.map(
      (value, at) => (2 * value + (values[at - step] ?? value) + (values[at + step] ?? value)) / 4,
    );
  return along(along(plane, 1), widthPx).map((value) => (value < AIR_UNDER ? 0 : value));
}

function boxOf(plane: Float32Array, widthPx: number, heightPx: number): PixelBox | null {
  let [left, top, right, bottom] = [widthPx, heightPx, -1, -1];
  plane.forEach((value, pixel) => {
    if (value < THREAT_OVER) return;
    const x = pixel % widthPx;
    const y = (pixel - x) / widthPx;
    [left, right] = [Math.min(left, x), Math.max(right, x)];
    [top, bottom] = [Math.min(top, y), Math.max(bottom, y)];
  });
  return right < 0 ? null : { x: left, y: top, width: right - left + 1, height: bottom - top + 1 };
}

function grown({ x, y, width, height }: PixelBox, widthPx: number, heightPx: number): PixelBox {
  const left = Math.max(0, x - MARGIN_PX);
  const top = Math.max(0, y - MARGIN_PX);
  return {
    x: left,
    y: top,
    width: Math.min(widthPx, x + width + MARGIN_PX) - left,
    height: Math.min(heightPx, y + height + MARGIN_PX) - top,
  };
}

function cut(plane: Float32Array, widthPx: number, box: PixelBox): Float32Array {
  const part = new Float32Array(box.width * box.height);
  for (let row = 0; row < box.height; row++) {
    const from = (box.y + row) * widthPx + box.x;
    part.set(plane.subarray(from, from + box.width), row * box.width);
  }
  return part;
}

const unsuitable = (name: string, found: string): PhiscanError =>
  new PhiscanError(
    'threat-scan-unsuitable',
    `${name} cannot be projected: ${found}. Scan the threat alone on the belt, with air around it, as 16-bit low and high energy.`,
  );
