import { RandomStream } from '../random-stream';

export const TEXTURE_SIDE = 256;

export type TextureName = 'soft' | 'folds' | 'weave';

const textures = new Map<TextureName, Float32Array>();

/**
 * A tileable field of 256 × 256 values for the thickness of soft things: `soft` is smooth and
 * `weave` fine-grained, both about −1 to 1 with mean 0; `folds` has narrow ridges on a smooth
 * ground, about −0.5 to 2.5. The same in every run.
 */
export function noiseTexture(name: TextureName): Float32Array {
  const known = textures.get(name);
  if (known !== undefined) return known;
  const made = makeTexture(name);
  textures.set(name, made);
  return made;
}

function makeTexture(name: TextureName): Float32Array {
  const random = new RandomStream(['texture', name]);
  if (name === 'weave') {
    return summed([octave(random, 128, 96), octave(random, 64, 128)], [0.5, 0.4]);
  }
  const smooth = summed(
    [3, 6, 12, 24].map((cells) => octave(random, cells, cells)),
    [1, 0.55, 0.3, 0.16],
  );
  if (name === 'soft') return smooth;
  const warp = summed([octave(random, 4, 4), octave(random, 9, 9)], [1, 0.4]);
  const grain = octave(random, 110, 70);
  const ridges = [octave(random, 3, 9), octave(random, 9, 5), octave(random, 19, 14)];
  return smooth.map((ground, at) => {
    const x = at % TEXTURE_SIDE;
    const y = Math.floor(at / TEXTURE_SIDE);
    const bend = warp[at] ?? 0;
    const shifted = cellAt(x + bend * 14, y - bend * 9);
    const ridge = (field: Float32Array | undefined, sharpness: number): number =>
      Math.pow(Math.max(0, 1 - Math.abs(field?.[shifted] ?? 1) * 2.2), sharpness);
    return (
      0.4 * ground +
      1.2 * ridge(ridges[0], 5) +
      0.95 * ridge(ridges[1], 6) +
      0.6 * ridge(ridges[2], 4) +
      0.1 * (grain[at] ?? 0) -
      0.45
    );
  });
}

function cellAt(x: number, y: number): number {
  const column = Math.round(x) & (TEXTURE_SIDE - 1);
  return (Math.round(y) & (TEXTURE_SIDE - 1)) * TEXTURE_SIDE + column;
}

/** Value noise on a lattice of cells across and down, joined by smoothstep; tileable. */
function octave(random: RandomStream, across: number, down: number): Float32Array {
  const lattice = Float32Array.from({ length: across * down }, () => random.range(-1, 1));
  const field = new Float32Array(TEXTURE_SIDE * TEXTURE_SIDE);
  for (let y = 0; y < TEXTURE_SIDE; y++) {
    const gridY = (y / TEXTURE_SIDE) * down;
    const row = Math.floor(gridY);
    const v = smooth(gridY - row);
    for (let x = 0; x < TEXTURE_SIDE; x++) {
      const gridX = (x / TEXTURE_SIDE) * across;
      const column = Math.floor(gridX);
      const u = smooth(gridX - column);
      const value = (c: number, r: number): number =>
        lattice[(r % down) * across + (c % across)] ?? 0;
      const top = value(column, row) * (1 - u) + value(column + 1, row) * u;
      const bottom = value(column, row + 1) * (1 - u) + value(column + 1, row + 1) * u;
      field[y * TEXTURE_SIDE + x] = top * (1 - v) + bottom * v;
    }
  }
  return field;
}

function smooth(share: number): number {
  return share * share * (3 - 2 * share);
}

function summed(fields: readonly Float32Array[], weights: readonly number[]): Float32Array {
  const sum = new Float32Array(TEXTURE_SIDE * TEXTURE_SIDE);
  fields.forEach((field, at) => {
    const weight = weights[at] ?? 0;
    for (let i = 0; i < sum.length; i++) sum[i] = (sum[i] ?? 0) + weight * (field[i] ?? 0);
  });
  return sum;
}
