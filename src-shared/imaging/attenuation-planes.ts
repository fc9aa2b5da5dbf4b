/**
 * Attenuation is what adds up where things lie over one another (Beer–Lambert), brightness is
 * not. A pseudo-colour picture is brought back to two planes that add:
 *
 * - the first is −ln of luma over white, for how much is in the beam;
 * - the second is the first times a material index in [0, 1] from the hue: 0 organic (orange),
 *   ½ mixed and light metal (green), 1 metal (blue).
 *
 * Approximate: a palette's own curve from attenuation to brightness is not undone, and hues are
 * those that the trade's palettes share.
 */
export const ATTENUATION_CHANNELS = 2;

/** Attenuation that a palette hardly shows any more: luma under 2 % of white is black. */
export const MAX_PALETTE_ATTENUATION = 4;

/** Hues in degrees between which the material index is linear. */
const HUE_OF_INDEX: readonly (readonly [hue: number, index: number])[] = [
  [35, 0],
  [105, 0.5],
  [210, 1],
];
/** Chroma (0–255) at which a hue has half its say; greyer pixels tend to the middle index. */
const HALF_CHROMA = 8;

/**
 * Brings interleaved 8-bit RGB to interleaved attenuation planes as the networks take them:
 * (pixels, 2), each value a / 2 − 1, so that open beam is −1 and black is 1.
 */
export function toAttenuationPlanes(rgb: Uint8Array): Float32Array {
  const pixels = rgb.length / 3;
  const planes = new Float32Array(pixels * ATTENUATION_CHANNELS);
  for (let pixel = 0; pixel < pixels; pixel++) {
    const at = 3 * pixel;
    writePixel(planes, pixel, rgb[at] ?? 0, rgb[at + 1] ?? 0, rgb[at + 2] ?? 0);
  }
  return planes;
}

function writePixel(
  planes: Float32Array,
  pixel: number,
  red: number,
  green: number,
  blue: number,
): void {
  const luma = (0.299 * red + 0.587 * green + 0.114 * blue) / 255;
  const attenuation = Math.min(MAX_PALETTE_ATTENUATION, -Math.log(Math.max(luma, 1e-3)));
  planes[2 * pixel] = attenuation / 2 - 1;
  planes[2 * pixel + 1] = (attenuation * materialIndex(red, green, blue)) / 2 - 1;
}

/** Material index of a colour: 0 orange, ½ green, 1 blue; towards ½ where there is little hue. */
export function materialIndex(red: number, green: number, blue: number): number {
  const highest = Math.max(red, green, blue);
  const chroma = highest - Math.min(red, green, blue);
  if (chroma === 0) return 0.5;
  const share = chroma / (chroma + HALF_CHROMA);
  return 0.5 + (indexOfHue(hueOf(red, green, blue, highest, chroma)) - 0.5) * share;
}

function hueOf(red: number, green: number, blue: number, highest: number, chroma: number): number {
  if (highest === red) return ((60 * (green - blue)) / chroma + 360) % 360;
  if (highest === green) return (60 * (blue - red)) / chroma + 120;
  return (60 * (red - green)) / chroma + 240;
}

function indexOfHue(hue: number): number {
  // Reds lie beyond orange, violets beyond blue; the border between them is far from both.
  if (hue > 300) return 0;
  for (let i = 1; i < HUE_OF_INDEX.length; i++) {
    const [fromHue, fromIndex] = HUE_OF_INDEX[i - 1] ?? [0, 0];
    const [toHue, toIndex] = HUE_OF_INDEX[i] ?? [0, 0];
    if (hue <= toHue) {
      const way = Math.max(0, (hue - fromHue) / (toHue - fromHue));
      return fromIndex + (toIndex - fromIndex) * way;
    }
  }
  return 1;
}

/**
 * The same for tiles that were cut as the networks take colours: (pixels, 3) in [−1, 1] gives
 * (pixels, 2).
 * @returns the part of `into` that was written
 */
export function tilesToAttenuation(rgbTiles: Float32Array, into: Float32Array): Float32Array {
  const pixels = rgbTiles.length / 3;
  for (let pixel = 0; pixel < pixels; pixel++) {
    const byte = (channel: number): number =>
      Math.round(((rgbTiles[3 * pixel + channel] ?? 1) + 1) * 127.5);
    writePixel(into, pixel, byte(0), byte(1), byte(2));
  }
  return into.subarray(0, pixels * ATTENUATION_CHANNELS);
}

/**
 * A picture of attenuation planes for people: (pixels, 2) in [−1, 1] as interleaved 8-bit RGB in
 * the trade's colours. The colours are those of the planes' definition, not the scan's own.
 */
export function toTradeColours(planes: Float32Array): Uint8Array {
  const pixels = planes.length / ATTENUATION_CHANNELS;
  const rgb = new Uint8Array(pixels * 3);
  for (let pixel = 0; pixel < pixels; pixel++) {
    const attenuation = Math.max(0, ((planes[2 * pixel] ?? -1) + 1) * 2);
    const metal = Math.max(0, ((planes[2 * pixel + 1] ?? -1) + 1) * 2);
    const index = attenuation > 0.02 ? Math.min(1, metal / attenuation) : 0.5;
    const luma = Math.exp(-attenuation);
    const tint = Math.min(1, attenuation);
    TRADE_HUES.forEach(([organic, mixed, metallic], channel) => {
      const hue =
        index < 0.5
          ? organic + (mixed - organic) * 2 * index
          : mixed + (metallic - mixed) * (2 * index - 1);
      // At equal luma: white tinted towards the hue, which has a mean of one.
      const value = 255 * luma * (1 + (hue - 1) * tint);
      rgb[3 * pixel + channel] = Math.min(255, Math.round(value));
    });
  }
  return rgb;
}

/** Red, green and blue of orange, green and blue, each relative to the colour's luma. */
const TRADE_HUES: readonly (readonly [organic: number, mixed: number, metal: number])[] = [
  [1.45, 0.7, 0.3],
  [0.95, 1.3, 1.0],
  [0.4, 0.5, 2.3],
];
