import { describe, expect, it } from 'vitest';
import { multiplyAdds } from '../../src-shared/ganomaly/multiply-adds';
import { ganomalySpec } from '../../src-shared/ganomaly/network-spec';

describe('multiplyAdds', () => {
  it('counts the paper’s networks as worked out by hand', () => {
    const spec = ganomalySpec({
      name: 'ganomaly',
      isize: 64,
      nc: 3,
      nz: 100,
      ngf: 64,
      extraLayers: 0,
    });
    // Output positions × kernel area × channels in × channels out, layer by layer.
    const encoder =
      32 ** 2 * 16 * 3 * 64 +
      16 ** 2 * 16 * 64 * 128 +
      8 ** 2 * 16 * 128 * 256 +
      4 ** 2 * 16 * 256 * 512 +
      1 * 16 * 512 * 100;
    expect(multiplyAdds(spec.generatorEncoder, 64)).toBe(encoder);
    expect(multiplyAdds(spec.encoder, 64)).toBe(encoder);
    // The decoder is the encoder run backwards, and a transposed layer works at its input's size.
    expect(multiplyAdds(spec.generatorDecoder, 1)).toBe(encoder);
    // The published cost of the three scoring networks: about 314 million.
    expect((3 * encoder) / 1e6).toBeCloseTo(314, 0);
  });
});
