import type { GanomalyArchitecture } from '../domain/model-bundle';
import type { NetworkSpec } from './network-spec';
import { ganomalySpec } from './network-spec';

/** The networks that a score needs, in the order in which a tile passes them: G_E, G_D, E. */
export function scoringNetworks(architecture: GanomalyArchitecture): readonly NetworkSpec[] {
  const spec = ganomalySpec(architecture);
  return [spec.generatorEncoder, spec.generatorDecoder, spec.encoder];
}
