import { describe, expect, it } from 'vitest';
import type { NetworkSpec } from '../../src-shared/ganomaly/network-spec';
import { referenceForward } from '../../src-shared/ganomaly/reference-forward';
import type { WeightSet } from '../../src-shared/ganomaly/weights';

function network(layers: NetworkSpec['layers']): NetworkSpec {
  return { name: 'encoder', layers };
}

function weights(arrays: Record<string, readonly number[]>): WeightSet {
  return new Map(
    Object.entries(arrays).map(([name, values]) => [
      name,
      { shape: [values.length], values: Float32Array.from(values) },
    ]),
  );
}

function square(side: number, values: readonly number[]) {
  const channels = values.length / (side * side);
  return { height: side, width: side, channels, values: Float64Array.from(values) };
}

describe('referenceForward, against values worked out by hand', () => {
  it('correlates: the kernel is not flipped, padding is zero', () => {
    const layer = {
      kind: 'convolution',
      name: 'c',
      transposed: false,
      inChannels: 1,
      outChannels: 1,
      kernelPx: 2,
      stride: 2,
      padding: 1,
    } as const;
    const out = referenceForward(
      network([layer]),
      weights({ 'c/kernel': [1, 10, 100, 1000] }),
      square(2, [1, 2, 3, 4]),
    );
    // Each corner of the padded 4×4 picture meets one pixel, at the opposite corner of the kernel.
    expect([...out.values]).toEqual([1000, 200, 30, 4]);
    expect([out.height, out.width]).toEqual([2, 2]);
  });

  it('mixes channels as (height, width, in, out)', () => {
    const layer = {
      kind: 'convolution',
      name: 'c',
      transposed: false,
      inChannels: 2,
      outChannels: 2,
      kernelPx: 1,
      stride: 1,
      padding: 0,
    } as const;
    const out = referenceForward(
      network([layer]),
      weights({ 'c/kernel': [1, 2, 30, 40] }),
      square(1, [5, 7]),
    );
    expect([...out.values]).toEqual([5 + 210, 10 + 280]);
  });

  it('spreads a pixel over the kernel when transposed, as (height, width, out, in)', () => {
    const layer = {
      kind: 'convolution',
      name: 'c',
      transposed: true,
      inChannels: 1,
      outChannels: 1,
      kernelPx: 4,
      stride: 2,
      padding: 1,
    } as const;
    const kernel = Array.from({ length: 16 }, (_, index) => index + 1);
    const out = referenceForward(network([layer]), weights({ 'c/kernel': kernel }), square(1, [2]));
    // Of the 4×4 kernel the padding of 1 leaves the middle.
    expect([...out.values]).toEqual([12, 14, 20, 22]);
  });

  it('normalises by the running statistics', () => {
    const layer = {
      kind: 'batch-norm',
      name: 'n',
      channels: 2,
      epsilon: 1,
      momentum: 0.1,
    } as const;
    const out = referenceForward(
      network([layer]),
      weights({
        'n/gamma': [2, 3],
        'n/beta': [10, 20],
        'n/mean': [1, 2],
        'n/variance': [3, 8],
      }),
      square(1, [5, 8]),
    );
    expect([...out.values]).toEqual([(2 * 4) / 2 + 10, (3 * 6) / 3 + 20]);
  });

  it('applies the activations', () => {
    const of = (kind: 'relu' | 'tanh' | 'sigmoid') => network([{ kind }]);
    const input = square(1, [-2]);
    expect(referenceForward(of('relu'), weights({}), input).values[0]).toBe(0);
    expect(referenceForward(of('tanh'), weights({}), input).values[0]).toBe(Math.tanh(-2));
    expect(referenceForward(of('sigmoid'), weights({}), input).values[0]).toBeCloseTo(0.1192029, 6);
    const leaky = network([{ kind: 'leaky-relu', slope: 0.2 }]);
    expect(referenceForward(leaky, weights({}), input).values[0]).toBeCloseTo(-0.4, 12);
  });
});
