import type { RandomStream } from '../simulator/random-stream';
import type { Increment, PaletteMixing } from './palette-mixing';
import { linearIndex } from './palette-mixing';
import type { PartFamily, SolidPart } from './solid-part';
import { drawPart, partAttenuation, partReach } from './solid-part';

/** What decides which solids are drawn. */
export interface SolidRecipe {
  readonly families: readonly PartFamily[];
  /** Length of the main part in model pixels, drawn evenly in its logarithm. */
  readonly sizePx: readonly [number, number];
}

/** A random object of one material or two: parts that add, and holes. */
export interface Solid {
  readonly parts: readonly (SolidPart & { readonly index: number })[];
  readonly holes: readonly SolidPart[];
}

/** Materials: the palette's index when they lie alone, attenuation at the thickest, how often. */
const MATERIALS = [
  { index: [0.86, 0.985], attenuation: [0.35, 2.4], share: 0.65 },
  { index: [0.35, 0.65], attenuation: [0.3, 1.6], share: 0.2 },
  { index: [0.02, 0.15], attenuation: [0.3, 1.2], share: 0.15 },
] as const;

/** Draws a solid whose main part lies around a point of the crop. */
export function drawSolid(
  random: RandomStream,
  recipe: SolidRecipe,
  centre: { readonly x: number; readonly y: number },
): Solid {
  const family = () => pickOf(random, recipe.families);
  const size = logRange(random, ...recipe.sizePx);
  const material = drawMaterial(random);
  const angle = random.range(0, Math.PI * 2);
  const main = drawPart(random, family(), { ...centre, angle }, size, material.attenuation);
  const parts = [{ ...main, index: material.index }];
  const further = random.pick([0, 0, 1, 1, 2, 3]);
  for (let i = 0; i < further; i++) {
    const way = random.range(-1, 1) * main.halfLength;
    const side = random.range(-1, 1) * main.halfWidth;
    const x = centre.x + way * Math.cos(angle) - side * Math.sin(angle);
    const y = centre.y + way * Math.sin(angle) + side * Math.cos(angle);
    const turned = angle + random.pick([0, Math.PI / 2, random.range(0, Math.PI)]);
    const other = random.chance(0.25) ? drawMaterial(random) : material;
    const attenuation = other.attenuation * random.range(0.4, 1);
    const part = drawPart(
      random,
      family(),
      { x, y, angle: turned },
      size * random.range(0.3, 0.9),
      attenuation,
    );
    parts.push({ ...part, index: other.index });
  }
  const holes: SolidPart[] = [];
  const holeCount = random.pick([0, 0, 0, 1, 1, 2, 3]);
  for (let i = 0; i < holeCount; i++) {
    const way = random.range(-0.8, 0.8) * main.halfLength;
    const x = centre.x + way * Math.cos(angle);
    const y = centre.y + way * Math.sin(angle);
    const holeSize = Math.max(3, 2 * main.halfWidth * random.range(0.2, 0.8));
    holes.push(drawPart(random, random.pick(['disc', 'block']), { x, y, angle }, holeSize, 1));
  }
  return { parts, holes };
}

/** Adds a solid to the increment of a picture of the given size. */
export function putIn(
  solid: Solid,
  { widthPx, heightPx }: { readonly widthPx: number; readonly heightPx: number },
  { attenuation, metal }: Increment,
  mixing: PaletteMixing,
): void {
  for (const part of solid.parts) {
    const linear = linearIndex(part.index, mixing);
    const reach = partReach(part);
    const fromX = Math.max(0, Math.floor(part.centreX - reach));
    const toX = Math.min(widthPx - 1, Math.ceil(part.centreX + reach));
    const fromY = Math.max(0, Math.floor(part.centreY - reach));
    const toY = Math.min(heightPx - 1, Math.ceil(part.centreY + reach));
    for (let y = fromY; y <= toY; y++) {
      for (let x = fromX; x <= toX; x++) {
        let gain = partAttenuation(part, x, y);
        if (gain === 0) continue;
        for (const hole of solid.holes) gain *= 1 - partAttenuation(hole, x, y);
        if (gain <= 0) continue;
        const pixel = y * widthPx + x;
        attenuation[pixel] = (attenuation[pixel] ?? 0) + gain;
        metal[pixel] = (metal[pixel] ?? 0) + gain * linear;
      }
    }
  }
}

function drawMaterial(random: RandomStream): { index: number; attenuation: number } {
  let draw = random.next();
  const material = MATERIALS.find(({ share }) => (draw -= share) < 0) ?? MATERIALS[0];
  const [index, attenuation] = [material.index, material.attenuation];
  return {
    index: random.range(index[0], index[1]),
    attenuation: logRange(random, attenuation[0], attenuation[1]),
  };
}

function logRange(random: RandomStream, from: number, to: number): number {
  return from * (to / from) ** random.next();
}

function pickOf<T>(random: RandomStream, choices: readonly T[]): T {
  const choice = choices[random.integer(0, choices.length - 1)];
  if (choice === undefined) throw new RangeError('At least one family of parts is needed.');
  return choice;
}
