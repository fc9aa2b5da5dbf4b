import type { GanomalyArchitecture } from '../domain/model-bundle';
import { comparatorsOf, passComparator } from './comparator-spec';
import type { GanomalySpec, NetworkSpec } from './network-spec';
import { ganomalySpec } from './network-spec';

/** What a pass is made of, whatever its values are: tensors, graph nodes, arrays. */
export interface PassOperations<T> {
  /** Passes a value through one of the networks. */
  readonly run: (network: NetworkSpec, value: T) => T;
  /** Joins two values by channels, the first value's before the second's. */
  readonly join: (a: T, b: T) => T;
  readonly subtract: (a: T, b: T) => T;
  readonly mean: (values: readonly T[]) => T;
}

/**
 * The wiring of the scoring networks for one value of tiles. An output is made when it is first
 * asked for, with just the networks that it needs: a map alone leaves the generator out, unless
 * its comparators see the reconstruction.
 */
export class ScoringPass<T> {
  private readonly spec: GanomalySpec;
  private madeZ: T | null = null;
  private madeReconstruction: T | null = null;

  constructor(
    private readonly architecture: GanomalyArchitecture,
    private readonly tile: T,
    private readonly operations: PassOperations<T>,
  ) {
    this.spec = ganomalySpec(architecture);
  }

  /** x̂ = G_D(G_E(x)). */
  reconstruction(): T {
    this.madeReconstruction ??= this.operations.run(this.spec.generatorDecoder, this.z());
    return this.madeReconstruction;
  }

  /** z − E(x̂). */
  latentDifference(): T {
    const zAgain = this.operations.run(this.spec.encoder, this.reconstruction());
    return this.operations.subtract(this.z(), zAgain);
  }

  /** @returns the mean logit of the comparators in each cell; null where there are none */
  anomalyMap(): T | null {
    const { architecture, tile, operations } = this;
    const comparators = comparatorsOf(architecture);
    if (comparators.length === 0) return null;
    const { run, join } = operations;
    const seen = architecture.comparator?.seesReconstruction
      ? join(tile, this.reconstruction())
      : tile;
    return operations.mean(comparators.map((of) => passComparator(of, seen, run, join)));
  }

  private z(): T {
    this.madeZ ??= this.operations.run(this.spec.generatorEncoder, this.tile);
    return this.madeZ;
  }
}
