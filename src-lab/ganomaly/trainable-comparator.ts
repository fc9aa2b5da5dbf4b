import type { Tensor, Tensor4D } from '@tensorflow/tfjs-node-gpu';
import type { ComparatorSpec } from '../../src-shared/ganomaly/comparator-spec';
import type { NetworkSpec } from '../../src-shared/ganomaly/network-spec';
import type { WeightArray, WeightSet } from '../../src-shared/ganomaly/weights';
import type { Tensorflow } from './tensorflow-runtime';
import type { ForwardPass, Gradients } from './trainable-network';
import { TrainableNetwork } from './trainable-network';
import type { AdamScalars, TrainingKernels } from './training-kernels';

/** One forward pass in training mode; `logits` is (count, side / 2, side / 2, 1). */
export interface ComparatorPass {
  readonly down: readonly ForwardPass[];
  readonly up: readonly ForwardPass[];
  readonly head: ForwardPass;
  readonly logits: Tensor4D;
}

/** The comparator's trainable networks and the wiring between them (see `ComparatorSpec`). */
export class TrainableComparator {
  private readonly down: readonly TrainableNetwork[];
  private readonly up: readonly TrainableNetwork[];
  private readonly head: TrainableNetwork;

  constructor(
    private readonly tf: Tensorflow,
    kernels: TrainingKernels,
    readonly spec: ComparatorSpec,
    weightsOf: (spec: NetworkSpec) => WeightSet,
  ) {
    const build = (part: NetworkSpec): TrainableNetwork =>
      new TrainableNetwork(tf, kernels, part, weightsOf(part));
    this.down = spec.down.map(build);
    this.up = spec.up.map(build);
    this.head = build(spec.head);
  }

  /** Call it inside a tidy. */
  forward(x: Tensor4D): ComparatorPass {
    const { tf } = this;
    const down: ForwardPass[] = [];
    let current = x;
    for (const network of this.down) {
      const pass = network.forward(current);
      down.push(pass);
      current = pass.output;
    }
    const up: ForwardPass[] = [];
    this.up.forEach((network, index) => {
      const pass = network.forward(current);
      up.push(pass);
      current = tf.concat<Tensor4D>([pass.output, skipOf(down, index)], 3);
    });
    const head = this.head.forward(current);
    return { down, up, head, logits: head.output };
  }

  /** Gradients of a scalar whose gradient at the logits is `dy`; the input's when wanted. */
  backward(
    pass: ComparatorPass,
    dy: Tensor4D,
    wanted: { readonly input: boolean; readonly weights: boolean },
  ): { input: Tensor4D | null; weights: Gradients } {
    const { tf } = this;
    const inside = { input: true, weights: wanted.weights };
    const gradients = new Map<string, Tensor>();
    const take = (found: { input: Tensor4D | null; weights: Gradients }): Tensor4D => {
      for (const [name, gradient] of found.weights) gradients.set(name, gradient);
      if (found.input === null) throw new RangeError('A comparator part gave no input gradient.');
      return found.input;
    };
    let current = take(this.head.backward(pass.head, dy, { wanted: inside }));
    const skips = new Map<number, Tensor4D>();
    for (let index = this.up.length - 1; index >= 0; index--) {
      const network = this.up[index];
      const upPass = pass.up[index];
      if (network === undefined || upPass === undefined) throw new RangeError('No such level.');
      const channels = upPass.output.shape[3];
      const [own, skip] = tf.split<Tensor4D>(current, [channels, current.shape[3] - channels], 3);
      if (own === undefined || skip === undefined) throw new RangeError('Nothing to split.');
      skips.set(pass.down.length - 2 - index, skip);
      current = take(network.backward(upPass, own, { wanted: inside }));
    }
    for (let level = this.down.length - 1; level >= 0; level--) {
      const network = this.down[level];
      const downPass = pass.down[level];
      if (network === undefined || downPass === undefined) throw new RangeError('No such level.');
      const skip = skips.get(level);
      const dyLevel = skip === undefined ? current : tf.add<Tensor4D>(current, skip);
      const found = network.backward(downPass, dyLevel, {
        wanted: { input: level > 0 || wanted.input, weights: wanted.weights },
      });
      if (level === 0) {
        for (const [name, gradient] of found.weights) gradients.set(name, gradient);
        return { input: found.input, weights: gradients };
      }
      current = take(found);
    }
    throw new RangeError('A comparator has at least one level.');
  }

  applyAdam(gradients: Gradients, scalars: AdamScalars): void {
    for (const network of this.networks()) {
      const own = new Map([...gradients].filter(([name]) => network.owns(name)));
      network.applyAdam(own, scalars);
    }
  }

  weights(): WeightSet {
    return new Map<string, WeightArray>(this.networks().flatMap((part) => [...part.weights()]));
  }

  moments(): WeightSet {
    return new Map<string, WeightArray>(this.networks().flatMap((part) => [...part.moments()]));
  }

  assign(weights: WeightSet): void {
    for (const part of this.networks()) part.assign(weights);
  }

  assignMoments(moments: WeightSet): void {
    for (const part of this.networks()) part.assignMoments(moments);
  }

  dispose(): void {
    for (const part of this.networks()) part.dispose();
  }

  private networks(): TrainableNetwork[] {
    return [...this.down, ...this.up, this.head];
  }
}

/** What `up[index]`'s output is joined with: the way down at the same side. */
function skipOf(down: readonly ForwardPass[], index: number): Tensor4D {
  const pass = down[down.length - 2 - index];
  if (pass === undefined) throw new RangeError(`There is no level for step ${index} up.`);
  return pass.output;
}
