import { Option } from 'commander';

/** `--engine auto|onnx|tensorflow`, the same for every command that scores. */
export function engineOption(): Option {
  return new Option('--engine <name>', 'what runs the networks')
    .choices(['auto', 'onnx', 'tensorflow'])
    .default('auto');
}
