import type { GanomalyArchitecture } from '../domain/model-bundle';
import { comparatorNetworks, comparatorOf } from './comparator-spec';
import type { NetworkSpec } from './network-spec';
import { ganomalySpec } from './network-spec';

/** The networks that a score needs: G_E, G_D, E, and the comparator's where there is one. */
export function scoringNetworks(architecture: GanomalyArchitecture): readonly NetworkSpec[] {
  const spec = ganomalySpec(architecture);
  const comparator = comparatorOf(architecture);
  return [
    spec.generatorEncoder,
    spec.generatorDecoder,
    spec.encoder,
    ...(comparator === null ? [] : comparatorNetworks(comparator)),
  ];
}
