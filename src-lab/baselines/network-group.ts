import type { Tensor, Tensor4D } from '@tensorflow/tfjs-node-gpu';
import type { NetworkSpec } from '../../src-shared/ganomaly/network-spec';
import type { WeightArray, WeightSet } from '../../src-shared/ganomaly/weights';
import { initialWeights } from '../ganomaly/initial-weights';
import type { Tensorflow } from '../ganomaly/tensorflow-runtime';
import type { Gradients } from '../ganomaly/trainable-network';
import { TrainableNetwork } from '../ganomaly/trainable-network';
import type { AdamScalars, TrainingKernels } from '../ganomaly/training-kernels';
import { trainingKernels } from '../ganomaly/training-kernels';
import { FrozenNetwork } from './frozen-network';

/**
 * The networks of one method by role: trained together, saved together, and frozen for scoring.
 * The specs' layer names must differ between roles, since they name the arrays.
 */
export class NetworkGroup<Role extends string> {
  readonly trainable: Readonly<Record<Role, TrainableNetwork>>;
  private readonly kernels: TrainingKernels;
  private readonly roles: readonly Role[];
  private readonly frozenByKey = new Map<string, FrozenNetwork>();

  constructor(
    private readonly tf: Tensorflow,
    specs: Readonly<Record<Role, NetworkSpec>>,
    seed: number,
  ) {
    this.kernels = trainingKernels(tf);
    this.roles = Object.keys(specs) as Role[];
    this.trainable = Object.fromEntries(
      this.roles.map((role) => {
        const spec = specs[role];
        return [role, new TrainableNetwork(tf, this.kernels, spec, initialWeights(spec, seed))];
      }),
    ) as Record<Role, TrainableNetwork>;
  }

  /** One of the networks, where roles are counted and not all named. */
  network(role: Role): TrainableNetwork {
    return this.trainable[role];
  }

  /** One Adam step of every network named; the gradients are disposed of. */
  applyAdam(
    gradients: Readonly<Partial<Record<Role, readonly (readonly [string, Tensor])[]>>>,
    scalars: AdamScalars,
  ): void {
    this.thaw();
    for (const role of this.roles) {
      const byName = new Map(gradients[role] ?? []);
      this.trainable[role].applyAdam(byName, scalars);
      this.tf.dispose([...byName.values()]);
    }
  }

  /**
   * A network as it is now, for scoring; made once until a weight moves.
   * @param layerCount its first layers alone, as for a discriminator's features
   */
  frozen(role: Role, layerCount?: number): FrozenNetwork {
    const { spec } = this.trainable[role];
    const count = layerCount ?? spec.layers.length;
    const key = `${role} ${count}`;
    const made = this.frozenByKey.get(key);
    if (made !== undefined) return made;
    const part = { ...spec, layers: spec.layers.slice(0, count) };
    const weights = this.trainable[role].weights();
    const frozen = new FrozenNetwork(this.tf, this.kernels, part, weights);
    this.frozenByKey.set(key, frozen);
    return frozen;
  }

  weights(): WeightSet {
    return new Map<string, WeightArray>(
      this.networks().flatMap((network) => [...network.weights()]),
    );
  }

  moments(): WeightSet {
    return new Map<string, WeightArray>(
      this.networks().flatMap((network) => [...network.moments()]),
    );
  }

  /** Moments that are not given stay as they are: scoring alone needs none. */
  restore(weights: WeightSet, moments: WeightSet | null): void {
    this.thaw();
    for (const network of this.networks()) {
      network.assign(weights);
      if (moments !== null) network.assignMoments(moments);
    }
  }

  dispose(): void {
    this.thaw();
    for (const network of this.networks()) network.dispose();
  }

  private thaw(): void {
    for (const network of this.frozenByKey.values()) network.dispose();
    this.frozenByKey.clear();
  }

  private networks(): TrainableNetwork[] {
    return this.roles.map((role) => this.trainable[role]);
  }
}

/** The input gradient of a backward pass that was asked for it. */
export function inputOf({ input }: { readonly input: Tensor4D | null }): Tensor4D {
  if (input === null) throw new RangeError('This backward pass was asked for no input gradient.');
  return input;
}

/** The gradients of two passes through the same weights, added. */
export function summed(tf: Tensorflow, a: Gradients, b: Gradients): [string, Tensor][] {
  return [...a].map(([name, gradient]) => {
    const other = b.get(name);
    if (other === undefined) throw new RangeError(`Only one pass has a gradient of ${name}.`);
    return [name, tf.add(gradient, other)];
  });
}
