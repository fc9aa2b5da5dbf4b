import type { GanomalyArchitecture } from '../domain/model-bundle';
import { comparatorNetworks, comparatorsOf } from './comparator-spec';
import type { NetworkSpec } from './network-spec';
import { ganomalySpec } from './network-spec';

/** The networks that a score needs: G_E, G_D, E, and the comparator's where there is one. */
export function scoringNetworks(architecture: GanomalyArchitecture): readonly NetworkSpec[] {
  const spec = ganomalySpec(architecture);
  return [
    spec.generatorEncoder,
    spec.generatorDecoder,
    spec.encoder,
    ...comparatorsOf(architecture).flatMap(comparatorNetworks),
  ];
}
