import type { RandomStream } from '../simulator/random-stream';

/**
 * What lies over one another adds in attenuation, but a palette does not show it so: its hue
 * saturates (metal over clothes is still blue) and its darkness fades into black. How much of
 * either is a palette's own, and pictures do not tell: materials are added in a linear index L
 * that is shown as 1 − e^(−c·L), and darkness in an attenuation that bends at a knee, with c, knee
 * and black drawn for each crop, so that no single curve can be learned.
 */
export interface PaletteMixing {
  /** c: towards 0 indices mix like attenuations; at 1.6 metal over clothes has 0.87. */
  readonly compression: number;
  /** Attenuation at which the palette is black. */
  readonly black: number;
  /** Share of black up to which attenuation is shown as it is; at 1 it stops there abruptly. */
  readonly kneeShare: number;
  /** Share of its index that the blackest pixel keeps: hue is lost towards black. */
  readonly blackIndex: number;
}

/** The bluest index that is taken as it is; what is bluer is mostly noise. */
const BLUEST = 0.985;

/** A palette of about the given black. */
export function drawMixing(random: RandomStream, black: number): PaletteMixing {
  return {
    compression: 0.1 * 20 ** random.next(),
    black: black * random.range(0.93, 1.03),
    kneeShare: random.range(0.7, 0.99),
    blackIndex: random.range(0.65, 1),
  };
}

/** What is added to each pixel: attenuation, and attenuation times its linear index. */
export interface Increment {
  readonly attenuation: Float32Array;
  readonly metal: Float32Array;
}

export function emptyIncrement(pixels: number): Increment {
  return { attenuation: new Float32Array(pixels), metal: new Float32Array(pixels) };
}

/** Linear index of what the palette shows with this index when it lies alone. */
export function linearIndex(index: number, { compression }: PaletteMixing): number {
  return -Math.log(1 - Math.min(index, BLUEST)) / compression;
}

/**
 * Adds an increment to attenuation planes, in place, as the palette would show it. Pixels to
 * which nothing is added stay exactly as they are.
 * @param planes (pixels, 2), see attenuation-planes
 */
export function applyIncrement(
  planes: Float32Array,
  { attenuation, metal }: Increment,
  mixing: PaletteMixing,
): void {
  for (let pixel = 0; pixel < attenuation.length; pixel++) {
    const gain = attenuation[pixel] ?? 0;
    if (gain <= 0) continue;
    const before = Math.max(0, ((planes[2 * pixel] ?? -1) + 1) * 2);
    const indexBefore = before > 0.02 ? (((planes[2 * pixel + 1] ?? -1) + 1) * 2) / before : 0.5;
    const linearBefore = linearIndex(Math.max(0, indexBefore), mixing);
    const sum = before + gain;
    const linear = (before * linearBefore + (metal[pixel] ?? 0)) / sum;
    const shown = Math.max(before, towardsBlack(sum, mixing));
    const index = (1 - Math.exp(-mixing.compression * linear)) * hueLeft(shown, mixing);
    planes[2 * pixel] = shown / 2 - 1;
    planes[2 * pixel + 1] = (shown * index) / 2 - 1;
  }
}

/** Adds a share of another picture's planes to an increment. */
export function addPicture(
  into: Increment,
  planes: Float32Array,
  share: number,
  mixing: PaletteMixing,
): void {
  for (let pixel = 0; pixel < into.attenuation.length; pixel++) {
    const attenuation = ((planes[2 * pixel] ?? -1) + 1) * 2;
    if (attenuation <= 0.02) continue;
    const index = Math.max(0, (((planes[2 * pixel + 1] ?? -1) + 1) * 2) / attenuation);
    const gain = share * attenuation;
    into.attenuation[pixel] = (into.attenuation[pixel] ?? 0) + gain;
    into.metal[pixel] = (into.metal[pixel] ?? 0) + gain * linearIndex(index, mixing);
  }
}

function towardsBlack(attenuation: number, { black, kneeShare }: PaletteMixing): number {
  const knee = kneeShare * black;
  if (attenuation <= knee) return attenuation;
  return knee + (black - knee) * (1 - Math.exp(-(attenuation - knee) / (black - knee)));
}

function hueLeft(attenuation: number, { black, kneeShare, blackIndex }: PaletteMixing): number {
  const knee = kneeShare * black;
  // Single pixels of a real picture lie beyond its black level.
  const way = Math.min(1, Math.max(0, (attenuation - knee) / (black - knee)));
  return 1 - (1 - blackIndex) * way;
}
