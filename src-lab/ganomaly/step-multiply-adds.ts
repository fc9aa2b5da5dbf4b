import type { GanomalyArchitecture } from '../../src-shared/domain/model-bundle';
import { multiplyAdds } from '../../src-shared/ganomaly/multiply-adds';
import type { NetworkSpec } from '../../src-shared/ganomaly/network-spec';
import { featureLayerCount, ganomalySpec } from '../../src-shared/ganomaly/network-spec';

/**
 * Multiply-adds of one training step for one patch, in the convolutions that `GanomalyTraining`
 * runs: forward, kernel gradient and input gradient of the generator once, of the discriminator
 * for x and x̂, and L_adv's passage through the discriminator's features. Nothing is counted twice
 * that is computed once, and no gradient that nobody takes.
 */
export function stepMultiplyAdds(architecture: GanomalyArchitecture): number {
  const { generatorEncoder, generatorDecoder, encoder, discriminator } = ganomalySpec(architecture);
  const { isize } = architecture;
  const firstLayerOf = (network: NetworkSpec): number =>
    multiplyAdds({ ...network, layers: network.layers.slice(0, 1) }, isize);
  const generator =
    multiplyAdds(generatorEncoder, isize) +
    multiplyAdds(generatorDecoder, 1) +
    multiplyAdds(encoder, isize);
  const whole = multiplyAdds(discriminator, isize);
  const features = multiplyAdds(
    { ...discriminator, layers: discriminator.layers.slice(0, featureLayerCount(discriminator)) },
    isize,
  );
  return (
    3 * generator -
    firstLayerOf(generatorEncoder) +
    2 * (3 * whole - firstLayerOf(discriminator)) +
    features
  );
}
