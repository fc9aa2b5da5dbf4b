import type { Tensor4D } from '@tensorflow/tfjs-node-gpu';
import type { GanomalyArchitecture } from '../../src-shared/domain/model-bundle';
import type { NetworkSpec } from '../../src-shared/ganomaly/network-spec';
import { batchNorm, convolution, LEAKY_SLOPE } from '../../src-shared/ganomaly/network-spec';
import type { Tensorflow } from '../ganomaly/tensorflow-runtime';

/** Level 0 is the outermost, at half the tile's side; the innermost is 4 px wide. */
export type UNetRole = `down-${number}` | 'bottom' | `up-${number}`;

/** What a network gave at one place of the U-Net; a trainable one keeps more for its way back. */
interface WithOutput {
  readonly output: Tensor4D;
}

/** A tile's way through a U-Net. */
export interface UNetPass<Pass extends WithOutput> extends WithOutput {
  readonly passes: ReadonlyMap<UNetRole, Pass>;
}

export function uNetLevels({ isize }: GanomalyArchitecture): number {
  return Math.log2(isize / 4);
}

/**
 * GANomaly's encoder and decoder with each level's output also handed across (Ronneberger et al.
 * 2015; Akçay et al. 2019, figure 2): `down-i` halves the side and doubles the channels, `bottom`
 * goes 4×4 → nz → 4×4, `up-i` doubles the side from what came from below joined with `down-i`'s.
 */
export function uNetSpecs(architecture: GanomalyArchitecture): Record<UNetRole, NetworkSpec> {
  const { nc, nz, ngf } = architecture;
  const levels = uNetLevels(architecture);
  const channelsAt = (level: number): number => (level < 0 ? nc : ngf * 2 ** level);
  const innermost = channelsAt(levels - 1);
  const bottom = 'baseline/bottom';
  const specs: Record<UNetRole, NetworkSpec> = {
    bottom: {
      name: bottom,
      layers: [
        convolution(`${bottom}/in`, innermost, nz, { padding: 0 }),
        { kind: 'relu' },
        convolution(`${bottom}/out`, nz, innermost, { transposed: true, padding: 0 }),
        batchNorm(`${bottom}/out`, innermost),
        { kind: 'relu' },
      ],
    },
  };
  for (let level = 0; level < levels; level++) {
    const down = `baseline/down-${level}` as const;
    specs[`down-${level}`] = {
      name: down,
      layers: [
        convolution(down, channelsAt(level - 1), channelsAt(level), { stride: 2 }),
        ...(level === 0 ? [] : [batchNorm(down, channelsAt(level))]),
        { kind: 'leaky-relu', slope: LEAKY_SLOPE },
      ],
    };
    const up = `baseline/up-${level}` as const;
    const enlarge = { transposed: true, stride: 2 };
    specs[`up-${level}`] = {
      name: up,
      layers: [
        convolution(up, 2 * channelsAt(level), channelsAt(level - 1), enlarge),
        ...(level === 0
          ? [{ kind: 'tanh' } as const]
          : [batchNorm(up, channelsAt(level - 1)), { kind: 'relu' } as const]),
      ],
    };
  }
  return specs;
}

/** Runs tiles (count, side, side, nc) through; `run` is one network's pass. */
export function uNetForward<Pass extends WithOutput>(
  tf: Tensorflow,
  levels: number,
  x: Tensor4D,
  run: (role: UNetRole, x: Tensor4D) => Pass,
): UNetPass<Pass> {
  const passes = new Map<UNetRole, Pass>();
  const through = (role: UNetRole, input: Tensor4D): Tensor4D => {
    const pass = run(role, input);
    passes.set(role, pass);
    return pass.output;
  };
  const across: Tensor4D[] = [];
  let current = x;
  for (let level = 0; level < levels; level++) {
    current = through(`down-${level}`, current);
    across.push(current);
  }
  current = through('bottom', current);
  for (const [level, handed] of [...across.entries()].reverse()) {
    current = through(`up-${level}`, tf.concat4d([current, handed], 3));
  }
  return { output: current, passes };
}

/**
 * Takes the gradient `dy` at the output back through every network; `back` gives the gradient at
 * one network's input.
 */
export function uNetBackward<Pass extends WithOutput>(
  tf: Tensorflow,
  levels: number,
  { passes }: UNetPass<Pass>,
  dy: Tensor4D,
  back: (role: UNetRole, pass: Pass, dy: Tensor4D) => Tensor4D,
): void {
  const through = (role: UNetRole, gradient: Tensor4D): Tensor4D => {
    const pass = passes.get(role);
    if (pass === undefined) throw new RangeError(`The pass holds no ${role}.`);
    return back(role, pass, gradient);
  };
  const across: Tensor4D[] = [];
  let current = dy;
  for (let level = 0; level < levels; level++) {
    const [below, handed] = tf.split<Tensor4D>(through(`up-${level}`, current), 2, 3);
    if (below === undefined || handed === undefined) throw new RangeError('Nothing to split.');
    across.push(handed);
    current = below;
  }
  current = through('bottom', current);
  for (const [level, handed] of [...across.entries()].reverse()) {
    current = through(`down-${level}`, tf.add<Tensor4D>(current, handed));
  }
}
