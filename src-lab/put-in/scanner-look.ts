import type { RandomStream } from '../simulator/random-stream';

/**
 * How far scanners may differ in how they show the same bag. A network that has seen one scanner
 * alone takes another's sharpness, contrast or noise for something foreign, and says so of benign
 * things; so each crop is shown as by another scanner.
 */
export interface ScannerSpread {
  /** Zoom is drawn from [1 / zoom, zoom]: pixel pitch and distance from the source. */
  readonly zoom: number;
  /** Attenuation is multiplied by a factor from [1 / gain, gain]: energy and palette. */
  readonly gain: number;
  /** Highest standard deviation of a blur, in model pixels. */
  readonly blurPx: number;
  /** Highest standard deviation of a noise, as a share of attenuation. */
  readonly noise: number;
}

/** One scanner's way, drawn from a spread. */
export interface ScannerLook {
  readonly gain: number;
  readonly blurPx: number;
  readonly noise: number;
}

/** Share of looks that are blurred at all: sharp scans are not to become rare. */
const BLUR_CHANCE = 0.6;
/** Attenuation under which a pixel is open beam, which has no noise of its own here. */
const OPEN_BEAM = 0.1;

export function drawLook(random: RandomStream, spread: ScannerSpread): ScannerLook {
  return {
    gain: spread.gain ** random.range(-1, 1),
    blurPx: random.chance(BLUR_CHANCE) ? random.range(0, spread.blurPx) : 0,
    noise: random.range(0, spread.noise),
  };
}

/**
 * Shows attenuation planes by another scanner, in place, without its noise.
 * @param planes (height, width, 2), see attenuation-planes
 */
export function applyLook(
  planes: Float32Array,
  { widthPx, heightPx }: { readonly widthPx: number; readonly heightPx: number },
  { gain, blurPx }: ScannerLook,
): void {
  for (let i = 0; i < planes.length; i++) planes[i] = ((planes[i] ?? -1) + 1) * gain - 1;
  if (blurPx === 0) return;
  // Two passes of (w, 1 − 2w, w) have a variance of 4w.
  const weight = Math.min(0.36, blurPx ** 2 / 4);
  for (let pass = 0; pass < 2; pass++) {
    blurAlong(
      planes,
      { lines: heightPx, lineStep: 2 * widthPx },
      { pixels: widthPx, step: 2 },
      weight,
    );
    blurAlong(
      planes,
      { lines: widthPx, lineStep: 2 },
      { pixels: heightPx, step: 2 * widthPx },
      weight,
    );
  }
}

/** Adds the look's noise: both planes of a pixel by the same share, as noise in brightness would. */
export function addNoise(planes: Float32Array, { noise }: ScannerLook, random: RandomStream): void {
  if (noise === 0) return;
  for (let i = 0; i < planes.length; i += 2) {
    const attenuation = ((planes[i] ?? -1) + 1) * 2;
    if (attenuation < OPEN_BEAM) continue;
    const factor = Math.max(0.5, 1 + noise * random.normal());
    planes[i] = ((planes[i] ?? -1) + 1) * factor - 1;
    planes[i + 1] = ((planes[i + 1] ?? -1) + 1) * factor - 1;
  }
}

/** Three-tap blur of every line, both planes; the ends keep their value. */
function blurAlong(
  planes: Float32Array,
  { lines, lineStep }: { readonly lines: number; readonly lineStep: number },
  { pixels, step }: { readonly pixels: number; readonly step: number },
  weight: number,
): void {
  const middle = 1 - 2 * weight;
  for (let line = 0; line < lines; line++) {
    for (let plane = 0; plane < 2; plane++) {
      let at = line * lineStep + plane;
      let before = planes[at] ?? -1;
      for (let i = 1; i < pixels - 1; i++) {
        at += step;
        const here = planes[at] ?? -1;
        planes[at] = weight * (before + (planes[at + step] ?? -1)) + middle * here;
        before = here;
      }
    }
  }
}
