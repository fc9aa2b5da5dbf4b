/** An 8-bit RGB picture, interleaved. */
export interface RgbPicture {
  readonly widthPx: number;
  readonly heightPx: number;
  readonly rgb: Uint8Array;
}

/** Brighter than this (luma) is open beam, and not counted as bag. */
const AIR_LUMA = 247;
const BRIGHTNESS_BINS = 8;

/** What is compared between real and simulated pictures; all shares are of the bag's pixels. */
export interface PictureStatistics {
  /** Share of the picture that is bag. */
  readonly bagShare: number;
  readonly meanBrightness: number;
  /** Luma 0–247 in eight even bins, dark to bright. */
  readonly brightnessShares: readonly number[];
  /** Length of the luma gradient by central differences, in levels a pixel: mean and quantiles. */
  readonly gradient: {
    readonly mean: number;
    readonly p50: number;
    readonly p90: number;
    readonly p99: number;
  };
  readonly hueShares: Readonly<Record<HueName, number>>;
}

export const HUE_NAMES = ['orange', 'green', 'blue', 'grey', 'black', 'other'] as const;
export type HueName = (typeof HUE_NAMES)[number];

export function pictureStatistics(picture: RgbPicture): PictureStatistics {
  const { widthPx, heightPx, rgb } = picture;
  const luma = lumaOf(rgb);
  const brightness = new Float64Array(BRIGHTNESS_BINS);
  // prettier-ignore
  const hues: Record<HueName, number> = {
    orange: 0, green: 0, blue: 0, grey: 0, black: 0, other: 0,
  };
  const gradients = new Float64Array(1024);
  let bag = 0;
  let lumaSum = 0;
  let gradientSum = 0;
  for (let y = 1; y < heightPx - 1; y++) {
    for (let x = 1; x < widthPx - 1; x++) {
      const at = y * widthPx + x;
      const level = luma[at] ?? 0;
      if (level > AIR_LUMA) continue;
      bag++;
      lumaSum += level;
      const bin = Math.min(
        BRIGHTNESS_BINS - 1,
        Math.floor((level / (AIR_LUMA + 1)) * BRIGHTNESS_BINS),
      );
      brightness[bin] = (brightness[bin] ?? 0) + 1;
      const dx = ((luma[at + 1] ?? 0) - (luma[at - 1] ?? 0)) / 2;
      const dy = ((luma[at + widthPx] ?? 0) - (luma[at - widthPx] ?? 0)) / 2;
      const gradient = Math.hypot(dx, dy);
      gradientSum += gradient;
      const slot = Math.min(1023, Math.round(gradient * 4));
      gradients[slot] = (gradients[slot] ?? 0) + 1;
      hues[hueName(rgb[at * 3] ?? 0, rgb[at * 3 + 1] ?? 0, rgb[at * 3 + 2] ?? 0)]++;
    }
  }
  const share = (count: number): number => count / Math.max(1, bag);
  const quantile = (wanted: number): number => {
    let passed = 0;
    for (let slot = 0; slot < gradients.length; slot++) {
      passed += gradients[slot] ?? 0;
      if (passed >= wanted * bag) return slot / 4;
    }
    return 255;
  };
  return {
    bagShare: bag / (widthPx * heightPx),
    meanBrightness: share(lumaSum),
    brightnessShares: Array.from(brightness, share),
    gradient: {
      mean: share(gradientSum),
      p50: quantile(0.5),
      p90: quantile(0.9),
      p99: quantile(0.99),
    },
    hueShares: {
      orange: share(hues.orange),
      green: share(hues.green),
      blue: share(hues.blue),
      grey: share(hues.grey),
      black: share(hues.black),
      other: share(hues.other),
    },
  };
}

function lumaOf(rgb: Uint8Array): Float32Array {
  const luma = new Float32Array(rgb.length / 3);
  for (let pixel = 0, at = 0; pixel < luma.length; pixel++, at += 3) {
    luma[pixel] = 0.299 * (rgb[at] ?? 0) + 0.587 * (rgb[at + 1] ?? 0) + 0.114 * (rgb[at + 2] ?? 0);
  }
  return luma;
}

function hueName(red: number, green: number, blue: number): HueName {
  const most = Math.max(red, green, blue);
  const least = Math.min(red, green, blue);
  if (most < 48) return 'black';
  const chroma = most - least;
  if (chroma < 12) return 'grey';
  let degrees: number;
  if (most === red) degrees = 60 * (((green - blue) / chroma + 6) % 6);
  else if (most === green) degrees = 60 * ((blue - red) / chroma + 2);
  else degrees = 60 * ((red - green) / chroma + 4);
  if (degrees < 55) return 'orange';
  if (degrees < 170) return 'green';
  return degrees < 260 ? 'blue' : 'other';
}

/** Shrinks by area averaging; the scale is at most 1. */
export function shrink(picture: RgbPicture, scale: number): RgbPicture {
  const widthPx = Math.max(1, Math.floor(picture.widthPx * scale));
  const heightPx = Math.max(1, Math.floor(picture.heightPx * scale));
  const rgb = new Uint8Array(widthPx * heightPx * 3);
  for (let y = 0; y < heightPx; y++) {
    const top = Math.floor(y / scale);
    const bottom = Math.max(top + 1, Math.min(picture.heightPx, Math.floor((y + 1) / scale)));
    for (let x = 0; x < widthPx; x++) {
      const left = Math.floor(x / scale);
      const right = Math.max(left + 1, Math.min(picture.widthPx, Math.floor((x + 1) / scale)));
      const count = (bottom - top) * (right - left);
      for (let channel = 0; channel < 3; channel++) {
        let sum = 0;
        for (let sy = top; sy < bottom; sy++) {
          for (let sx = left; sx < right; sx++)
            sum += picture.rgb[(sy * picture.widthPx + sx) * 3 + channel] ?? 0;
        }
        rgb[(y * widthPx + x) * 3 + channel] = Math.round(sum / count);
      }
    }
  }
  return { widthPx, heightPx, rgb };
}
