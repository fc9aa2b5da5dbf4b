import type { Tensor, Tensor1D, Tensor4D } from '@tensorflow/tfjs-node-gpu';
import type { Tensorflow } from './tensorflow-runtime';
import type { AdamScalars, Parameter, TrainingKernels } from './training-kernels';

/**
 * TensorFlow's own kernels, run by name on the node backend (CPU and CUDA alike): batch norm in
 * one pass over the tensor instead of a dozen, and Adam in place.
 */
export function fusedKernels(tf: Tensorflow): TrainingKernels {
  const run = kernelRunner(tf);
  const batchNormAttributes = (epsilon: number): KernelAttribute[] => [
    run.type('T'),
    run.type('U'),
    run.float('epsilon', epsilon),
    run.text('data_format', 'NHWC'),
    run.flag('is_training', true),
  ];
  return {
    form: 'fused',
    batchNorm(x, gamma, beta, running, { epsilon, momentum }) {
      const [output, mean, variance, ...saved] = run.kernel(
        'FusedBatchNormV3',
        [...batchNormAttributes(epsilon), run.float('exponential_avg_factor', momentum)],
        [x, gamma, beta, running.mean, running.variance],
        6,
      );
      return {
        output: output as Tensor4D,
        running: { mean: mean as Tensor1D, variance: variance as Tensor1D },
        saved,
      };
    },
    batchNormGradient(dy, x, gamma, { saved }, { epsilon }) {
      const [input, dGamma, dBeta, ...unused] = run.kernel(
        'FusedBatchNormGradV3',
        batchNormAttributes(epsilon),
        [dy, x, gamma, ...saved],
        5,
      );
      tf.dispose(unused);
      return { input: input as Tensor4D, gamma: dGamma as Tensor1D, beta: dBeta as Tensor1D };
    },
    leakyReluGradient(dy, output, slope) {
      const attributes = [run.type('T'), run.float('alpha', slope)];
      return run.kernel('LeakyReluGrad', attributes, [dy, output], 1)[0] as Tensor4D;
    },
    reluGradient(dy, output) {
      return run.kernel('ReluGrad', [run.type('T')], [dy, output], 1)[0] as Tensor4D;
    },
    createParameter: (name, shape, values) => new ResourceParameter(tf, run, name, shape, values),
  };
}

interface KernelAttribute {
  readonly name: string;
  readonly type: number;
  readonly value: number | boolean | string | number[];
}

/** What the node backend offers beyond TensorFlow.js's KernelBackend. */
interface NamedKernelBackend {
  readonly binding: Record<
    | 'TF_ATTR_TYPE'
    | 'TF_ATTR_FLOAT'
    | 'TF_ATTR_STRING'
    | 'TF_ATTR_BOOL'
    | 'TF_ATTR_SHAPE'
    | 'TF_FLOAT',
    number
  >;
  executeMultipleOutputs(
    name: string,
    attributes: KernelAttribute[],
    inputs: Tensor[],
    outputs: number,
  ): Tensor[];
}

interface KernelRunner {
  kernel(name: string, attributes: KernelAttribute[], inputs: Tensor[], outputs: number): Tensor[];
  type(name: string): KernelAttribute;
  float(name: string, value: number): KernelAttribute;
  text(name: string, value: string): KernelAttribute;
  flag(name: string, value: boolean): KernelAttribute;
  shape(name: string, value: readonly number[]): KernelAttribute;
}

function kernelRunner(tf: Tensorflow): KernelRunner {
  const backend: unknown = tf.backend();
  if (!runsNamedKernels(backend)) {
    throw new RangeError(`The ${tf.getBackend()} backend runs no TensorFlow kernels by name.`);
  }
  const { binding } = backend;
  return {
    kernel: (name, attributes, inputs, outputs) =>
      backend.executeMultipleOutputs(name, attributes, inputs, outputs),
    type: (name) => ({ name, type: binding.TF_ATTR_TYPE, value: binding.TF_FLOAT }),
    float: (name, value) => ({ name, type: binding.TF_ATTR_FLOAT, value }),
    text: (name, value) => ({ name, type: binding.TF_ATTR_STRING, value }),
    flag: (name, value) => ({ name, type: binding.TF_ATTR_BOOL, value }),
    shape: (name, value) => ({ name, type: binding.TF_ATTR_SHAPE, value: [...value] }),
  };
}

function runsNamedKernels(backend: unknown): backend is NamedKernelBackend {
  return (
    typeof backend === 'object' &&
    backend !== null &&
    'binding' in backend &&
    'executeMultipleOutputs' in backend
  );
}

/** Resource variables outlive their JavaScript handles, so that each needs a name of its own. */
let resourcesMade = 0;

/** A parameter in three TensorFlow resource variables, moved by ResourceApplyAdam. */
class ResourceParameter implements Parameter {
  private readonly value: Tensor;
  private readonly first: Tensor;
  private readonly second: Tensor;

  constructor(
    private readonly tf: Tensorflow,
    private readonly run: KernelRunner,
    readonly name: string,
    readonly shape: readonly number[],
    values: Float32Array,
  ) {
    const zeros = new Float32Array(values.length);
    this.value = this.createResource(values);
    this.first = this.createResource(zeros);
    this.second = this.createResource(zeros);
  }

  read(): Tensor {
    return this.readResource(this.value);
  }

  applyAdam(gradient: Tensor, scalars: AdamScalars): void {
    const { tf, run } = this;
    tf.tidy(() => {
      // The corrections for β1ᵗ and β2ᵗ are in the rate already: the kernel's own see zero.
      const none = tf.scalar(0);
      const { rate, beta1, beta2, epsilon } = scalars;
      const inputs = [rate, beta1, beta2, epsilon].map((value) => tf.scalar(value));
      run.kernel(
        'ResourceApplyAdam',
        [run.type('T'), run.flag('use_locking', false), run.flag('use_nesterov', false)],
        [this.value, this.first, this.second, none, none, ...inputs, gradient],
        0,
      );
    });
  }

  assign(values: Float32Array): void {
    this.assignResource(this.value, values);
  }

  moments(): { first: Float32Array; second: Float32Array } {
    return { first: this.valuesOf(this.first), second: this.valuesOf(this.second) };
  }

  assignMoments(first: Float32Array, second: Float32Array): void {
    this.assignResource(this.first, first);
    this.assignResource(this.second, second);
  }

  dispose(): void {
    for (const resource of [this.value, this.first, this.second]) {
      const attributes = [this.run.flag('ignore_lookup_error', true)];
      this.run.kernel('DestroyResourceOp', attributes, [resource], 0);
      resource.dispose();
    }
  }

  private createResource(values: Float32Array): Tensor {
    const { tf, run } = this;
    resourcesMade += 1;
    const [resource] = run.kernel(
      'VarHandleOp',
      [
        run.type('dtype'),
        run.shape('shape', this.shape),
        run.text('shared_name', `phiscan-parameter-${resourcesMade}`),
        run.text('container', ''),
      ],
      [],
      1,
    );
    if (resource === undefined) throw new RangeError('VarHandleOp gave no handle.');
    this.assignResource(tf.keep(resource), values);
    return resource;
  }

  private readResource(resource: Tensor): Tensor {
    const [value] = this.run.kernel('ReadVariableOp', [this.run.type('dtype')], [resource], 1);
    if (value === undefined) throw new RangeError('ReadVariableOp gave no value.');
    return value;
  }

  private assignResource(resource: Tensor, values: Float32Array): void {
    const { tf, run } = this;
    tf.tidy(() => {
      // A copy: TensorFlow may hold on to the buffer that it is given.
      const tensor = tf.tensor(values.slice(), [...this.shape], 'float32');
      run.kernel('AssignVariableOp', [run.type('dtype')], [resource, tensor], 0);
    });
  }

  private valuesOf(resource: Tensor): Float32Array {
    return this.tf.tidy(() => this.readResource(resource).dataSync<'float32'>().slice());
  }
}
