import type { Tensor4D } from '@tensorflow/tfjs-node-gpu';
import type { WeightSet } from '../../src-shared/ganomaly/weights';
import type { MethodTraining } from './anomaly-method';
import type { NetworkGroup } from './network-group';

/** A method whose arrays are those of one group of networks. */
export abstract class GroupTraining<Role extends string> implements MethodTraining {
  stepsDone = 0;
  protected abstract readonly networks: NetworkGroup<Role>;

  abstract step(tiles: Tensor4D): Readonly<Record<string, number>>;
  abstract score(tiles: Tensor4D, signal?: AbortSignal): Promise<Float64Array>;

  weights(): WeightSet {
    return this.networks.weights();
  }

  moments(): WeightSet {
    return this.networks.moments();
  }

  restore(weights: WeightSet, moments: WeightSet | null, stepsDone: number): void {
    this.networks.restore(weights, moments);
    this.stepsDone = stepsDone;
  }

  dispose(): void {
    this.networks.dispose();
  }
}
