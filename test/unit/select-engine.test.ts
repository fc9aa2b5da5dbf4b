import { describe, expect, it } from 'vitest';
import { selectEngine } from '../../src-main/engine/select-engine';
import { hasTensorflowGpu } from '../../src-main/engine/tensorflow/has-tensorflow-gpu';

describe('selectEngine', () => {
  it('gives the engine that is asked for', () => {
    expect(selectEngine('onnx').name).toBe('onnx');
    expect(selectEngine('tensorflow').name).toBe('tensorflow');
  });

  it('takes TensorFlow by itself only where it has a GPU', () => {
    expect(selectEngine('auto').name).toBe(hasTensorflowGpu() ? 'tensorflow' : 'onnx');
  });
});
