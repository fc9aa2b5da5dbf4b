/** Names of a bundle's files inside its folder. */
export const MANIFEST_FILE = 'manifest.json';
/** TensorFlow.js weights manifest: what `tf.io.loadWeights` takes. */
export const WEIGHTS_MANIFEST_FILE = 'weights_manifest.json';
export const WEIGHTS_FILE = 'weights.bin';
export const ONNX_FILE = 'model.onnx';
export const PARITY_FILE = 'parity.json';
