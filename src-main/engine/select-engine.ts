import type { Engine, EngineName } from './engine';
import { createOnnxEngine } from './onnx/onnx-engine';
import { hasTensorflowGpu } from './tensorflow/has-tensorflow-gpu';
import { createTensorflowEngine } from './tensorflow/tensorflow-engine';

/**
 * The engine of a name; `auto` is onnx unless TensorFlow is installed and has a GPU. An engine
 * that is asked for by name and missing fails at its `load`, never silently to the other.
 */
export function selectEngine(name: EngineName | 'auto'): Engine {
  switch (name) {
    case 'onnx':
      return createOnnxEngine();
    case 'tensorflow':
      return createTensorflowEngine();
    case 'auto':
      return hasTensorflowGpu() ? createTensorflowEngine() : createOnnxEngine();
  }
}
