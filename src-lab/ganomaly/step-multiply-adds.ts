import type { GanomalyArchitecture } from '../../src-shared/domain/model-bundle';
import { multiplyAdds } from '../../src-shared/ganomaly/multiply-adds';
import type { NetworkSpec } from '../../src-shared/ganomaly/network-spec';
import type { ComparatorSpec } from '../../src-shared/ganomaly/comparator-spec';
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
    firstLayerMultiplyAdds(generatorEncoder, isize) +
    2 * (3 * whole - firstLayerMultiplyAdds(discriminator, isize)) +
    features
  );
}

/** Likewise for one crop of the denoiser's step: generator and second encoder, no discriminator. */
export function denoiserStepMultiplyAdds(architecture: GanomalyArchitecture): number {
  const { generatorEncoder, generatorDecoder, encoder } = ganomalySpec(architecture);
  const { isize } = architecture;
  const forward =
    multiplyAdds(generatorEncoder, isize) +
    multiplyAdds(generatorDecoder, 1) +
    multiplyAdds(encoder, isize);
  return 3 * forward - firstLayerMultiplyAdds(generatorEncoder, isize);
}

/** Likewise for one crop of a comparator's step; making the x̂ that some of them see is not in it. */
export function comparatorStepMultiplyAdds(
  { down, up, head }: ComparatorSpec,
  sidePx: number,
): number {
  let side = sidePx;
  let forward = 0;
  for (const network of down) {
    forward += multiplyAdds(network, side);
    side /= 2;
  }
  for (const network of up) {
    forward += multiplyAdds(network, side);
    side *= 2;
  }
  forward += multiplyAdds(head, side);
  const [first] = down;
  return 3 * forward - (first === undefined ? 0 : firstLayerMultiplyAdds(first, sidePx));
}

function firstLayerMultiplyAdds(network: NetworkSpec, sidePx: number): number {
  return multiplyAdds({ ...network, layers: network.layers.slice(0, 1) }, sidePx);
}
