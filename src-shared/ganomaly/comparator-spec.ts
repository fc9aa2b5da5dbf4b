import type { GanomalyArchitecture } from '../domain/model-bundle';
import { PhiscanError } from '../domain/phiscan-error';
import type { LayerSpec, NetworkSpec } from './network-spec';
import { batchNorm, convolution, LEAKY_SLOPE } from './network-spec';

export interface ComparatorShape {
  /** Channels in: the tile's, and the reconstruction's where it is compared. */
  readonly channels: number;
  readonly width: number;
  readonly depth: number;
  /** Extra 3×3 blocks at each level on the way down. */
  readonly extraBlocks: number;
  /** Its number among several, from 0, which is part of its weights' names. */
  readonly member: number;
}

/**
 * The discriminator as a dense comparator: a U-Net that marks, cell by cell, what was put into a
 * benign tile. `down[i]` halves the side; `up[i]` doubles it again, on its predecessor's output
 * joined by channels with `down[depth − 1 − i]`'s; `head` gives one logit for each 2×2 pixels.
 */
export interface ComparatorSpec {
  readonly down: readonly NetworkSpec[];
  readonly up: readonly NetworkSpec[];
  readonly head: NetworkSpec;
}

/** Channels grow by doubling up to this multiple of the first level's. */
const WIDEST = 8;

/**
 * The comparators that an architecture asks for, one for each member; none where it has none.
 * @throws PhiscanError `arguments-invalid` when it halves a tile more often than the tile allows
 */
export function comparatorsOf({
  isize,
  nc,
  comparator,
}: GanomalyArchitecture): readonly ComparatorSpec[] {
  if (comparator === undefined) return [];
  const { seesReconstruction, members, ...shape } = comparator;
  if (2 ** shape.depth > isize) {
    throw new PhiscanError(
      'arguments-invalid',
      `A comparator of ${shape.depth} levels halves a tile as often, which takes tiles of ` +
        `${2 ** shape.depth} px; these are of ${isize} px. Ask for at most ` +
        `${Math.floor(Math.log2(isize))} levels, or for larger tiles.`,
    );
  }
  const channels = seesReconstruction ? 2 * nc : nc;
  return Array.from({ length: members }, (_, member) =>
    comparatorSpec({ ...shape, channels, member }),
  );
}

/** The comparator's networks in the order in which a tile passes them. */
export function comparatorNetworks({ down, up, head }: ComparatorSpec): readonly NetworkSpec[] {
  return [...down, ...up, head];
}

/**
 * The comparator's wiring for a forward pass, whatever its values are (tensors, graph nodes).
 * @param run passes a value through one of the networks
 * @param join joins two values by channels, the first value's before the second's
 */
export function passComparator<T>(
  { down, up, head }: ComparatorSpec,
  tile: T,
  run: (network: NetworkSpec, value: T) => T,
  join: (a: T, b: T) => T,
): T {
  const levels: T[] = [];
  let current = tile;
  for (const network of down) {
    current = run(network, current);
    levels.push(current);
  }
  up.forEach((network, index) => {
    const skip = levels[down.length - 2 - index];
    if (skip === undefined) throw new RangeError(`There is no level for step ${index} up.`);
    current = join(run(network, current), skip);
  });
  return run(head, current);
}

export function comparatorSpec({
  channels,
  width,
  depth,
  extraBlocks,
  member,
}: ComparatorShape): ComparatorSpec {
  const widthAt = (level: number): number => width * Math.min(WIDEST, 2 ** level);
  const down: NetworkSpec[] = [];
  for (let level = 0; level < depth; level++) {
    const name = `comparator/${member}/down-${level}` as const;
    const from = level === 0 ? channels : widthAt(level - 1);
    const layers: LayerSpec[] = [convolution(name, from, widthAt(level), { stride: 2 })];
    if (level > 0) layers.push(batchNorm(name, widthAt(level)));
    layers.push({ kind: 'leaky-relu', slope: LEAKY_SLOPE });
    for (let block = 0; block < extraBlocks; block++) {
      const blockName = `${name}-${block}`;
      layers.push(
        convolution(blockName, widthAt(level), widthAt(level), { kernelPx: 3 }),
        batchNorm(blockName, widthAt(level)),
        { kind: 'leaky-relu', slope: LEAKY_SLOPE },
      );
    }
    down.push({ name, layers });
  }
  const up: NetworkSpec[] = [];
  for (let index = 0; index < depth - 1; index++) {
    const level = depth - 1 - index;
    const name = `comparator/${member}/up-${level}` as const;
    const from = index === 0 ? widthAt(level) : 2 * widthAt(level);
    const layers: LayerSpec[] = [
      convolution(name, from, widthAt(level - 1), { transposed: true, stride: 2 }),
      batchNorm(name, widthAt(level - 1)),
      { kind: 'relu' },
    ];
    up.push({ name, layers });
  }
  const head: NetworkSpec = {
    name: `comparator/${member}/head`,
    layers: [convolution(`comparator/${member}/head`, 2 * widthAt(0), 1, { kernelPx: 3 })],
  };
  return { down, up, head };
}
