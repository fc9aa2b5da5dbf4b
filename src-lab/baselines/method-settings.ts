import type { GanomalyArchitecture } from '../../src-shared/domain/model-bundle';
import type { MethodSettings } from './anomaly-method';

/** The values of GANomaly's reference code (GANOMALY.md, Training), for every method alike. */
export const DEFAULT_METHOD_SETTINGS: MethodSettings = {
  isize: 64,
  nc: 3,
  nz: 100,
  ngf: 64,
  seed: 1,
  learningRate: 2e-4,
  beta1: 0.5,
  beta2: 0.999,
  adversarialWeight: 1,
  contextualWeight: 50,
  encoderWeight: 1,
};

/** The shape of a method's networks, from which `encoderSpec` and `decoderSpec` build. */
export function architectureOf({ isize, nc, nz, ngf }: MethodSettings): GanomalyArchitecture {
  return { name: 'ganomaly', isize, nc, nz, ngf, extraLayers: 0 };
}
