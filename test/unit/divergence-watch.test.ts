import { describe, expect, it } from 'vitest';
import { DivergenceWatch, refuseWeightsNotFinite } from '../../src-lab/ganomaly/divergence-watch';

const LOSSES = { adversarial: 1, contextual: 0.2, encoder: 1, generator: 12, discriminator: 0.3 };

describe('the divergence watch', () => {
  it('lets noise pass and stops what stays worse than plain grey', () => {
    const watch = new DivergenceWatch();
    for (let step = 0; step < 300; step++) {
      watch.see(step, { ...LOSSES, contextual: step % 2 === 0 ? 1.5 : 0.3 });
    }
    const run = (): void => {
      for (let step = 300; step < 400; step++) watch.see(step, { ...LOSSES, contextual: 1.1 });
    };
    expect(run).toThrow(expect.objectContaining({ code: 'training-diverged' }));
  });

  it.each(['adversarial', 'encoder', 'discriminator'])('stops when the %s loss is lost', (name) => {
    const see = (): void => new DivergenceWatch().see(1, { ...LOSSES, [name]: NaN });
    expect(see).toThrow(expect.objectContaining({ code: 'training-diverged' }));
  });

  it('stops on weights that are not finite', () => {
    const weights = new Map([['a', { shape: [2], values: Float32Array.of(1, Infinity) }]]);
    const check = (): void => refuseWeightsNotFinite(1, weights);
    expect(check).toThrow(expect.objectContaining({ code: 'training-diverged' }));
  });
});
