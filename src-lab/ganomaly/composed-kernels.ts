import type { Tensor, Tensor1D, Tensor4D, Variable } from '@tensorflow/tfjs-node-gpu';
import type { Tensorflow } from './tensorflow-runtime';
import type { AdamScalars, Parameter, TrainingKernels } from './training-kernels';

/** The same operations from TensorFlow.js's public ones, for every backend. */
export function composedKernels(tf: Tensorflow): TrainingKernels {
  return {
    form: 'composed',
    batchNorm(x, gamma, beta, running, { epsilon, momentum }) {
      const { mean, variance } = tf.moments(x, [0, 1, 2]);
      const inverseDeviation = variance.add(epsilon).rsqrt();
      const normalised = x.sub(mean).mul(inverseDeviation);
      const values = x.size / gamma.size;
      // The normalisation takes the biased variance, the running one the unbiased.
      const unbiased = variance.mul(values / Math.max(1, values - 1));
      const moved = (from: Tensor1D, towards: Tensor): Tensor1D =>
        from.mul(1 - momentum).add(towards.mul(momentum));
      return {
        output: normalised.mul(gamma).add<Tensor4D>(beta),
        running: { mean: moved(running.mean, mean), variance: moved(running.variance, unbiased) },
        saved: [normalised, inverseDeviation],
      };
    },
    batchNormGradient(dy, x, gamma, { saved: [normalised, inverseDeviation] }) {
      if (normalised === undefined || inverseDeviation === undefined) {
        throw new RangeError('A batch norm gradient needs what its forward pass saved.');
      }
      // Ioffe & Szegedy 2015, section 3, with the sums over the batch collected.
      const dBeta = dy.sum<Tensor1D>([0, 1, 2]);
      const dGamma = dy.mul(normalised).sum<Tensor1D>([0, 1, 2]);
      const values = x.size / gamma.size;
      const centred = dy.sub(dBeta.div(values)).sub(normalised.mul(dGamma.div(values)));
      return {
        input: centred.mul<Tensor4D>(inverseDeviation.mul(gamma)),
        gamma: dGamma,
        beta: dBeta,
      };
    },
    leakyReluGradient: (dy, output, slope) => tf.where(output.greater(0), dy, dy.mul(slope)),
    reluGradient: (dy, output) => dy.mul(output.step()),
    createParameter: (name, shape, values) => new VariableParameter(tf, name, shape, values),
  };
}

/** A parameter in three TensorFlow.js variables. */
class VariableParameter implements Parameter {
  private readonly value: Variable;
  private readonly first: Variable;
  private readonly second: Variable;

  constructor(
    private readonly tf: Tensorflow,
    readonly name: string,
    readonly shape: readonly number[],
    values: Float32Array,
  ) {
    const zeros = new Float32Array(values.length);
    this.value = this.createVariable(values);
    this.first = this.createVariable(zeros);
    this.second = this.createVariable(zeros);
  }

  read(): Tensor {
    return this.value.clone();
  }

  applyAdam(gradient: Tensor, { rate, beta1, beta2, epsilon }: AdamScalars): void {
    this.tf.tidy(() => {
      this.first.assign(this.first.mul(beta1).add(gradient.mul(1 - beta1)));
      this.second.assign(this.second.mul(beta2).add(gradient.square().mul(1 - beta2)));
      const step = this.first.div(this.second.sqrt().add(epsilon)).mul(rate);
      this.value.assign(this.value.sub(step));
    });
  }

  assign(values: Float32Array): void {
    this.assignVariable(this.value, values);
  }

  moments(): { first: Float32Array; second: Float32Array } {
    return {
      first: this.first.dataSync<'float32'>().slice(),
      second: this.second.dataSync<'float32'>().slice(),
    };
  }

  assignMoments(first: Float32Array, second: Float32Array): void {
    this.assignVariable(this.first, first);
    this.assignVariable(this.second, second);
  }

  dispose(): void {
    this.tf.dispose([this.value, this.first, this.second]);
  }

  private createVariable(values: Float32Array): Variable {
    return this.tf.tidy(() =>
      this.tf.variable(this.tf.tensor(values.slice(), [...this.shape], 'float32'), false),
    );
  }

  private assignVariable(variable: Variable, values: Float32Array): void {
    this.tf.tidy(() => {
      variable.assign(this.tf.tensor(values.slice(), [...this.shape], 'float32'));
    });
  }
}
