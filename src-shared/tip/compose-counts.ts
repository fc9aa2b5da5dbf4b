import type { CastThreat } from './cast-threat';
import { normalField, normalNumbers } from './normal-numbers';
import type { ScannerNoise } from './scanner-noise';

/** Photons under which their number is drawn one by one: the normal limit is skewed there. */
const FEW_PHOTONS = 40;

/**
 * Puts a threat between the tube and a channel's detectors. Of the photons that came through the
 * bag each passes the threat with probability T: a pixel that counted n of them counts a binomial
 * number, mean nT and variance nT(1 − T). So the bag's own noise is thinned as the scanner would
 * thin it and never copied, the composite is as noisy as its lower count asks for, and where the
 * threat ends (T = 1) a pixel stays exactly what it was: there is nothing to see of a border.
 * @returns new counts; those given stay as they are
 */
export function composeCounts(
  counts: Uint16Array,
  widthPx: number,
  { x, y, width, height }: CastThreat,
  transmission: Float32Array,
  noise: ScannerNoise,
  uniform: () => number,
): Uint16Array {
  const heightPx = counts.length / widthPx;
  const composed = counts.slice();
  const field = normalField(width, height, noise.correlation, uniform);
  const normal = normalNumbers(uniform);
  for (let at = 0; at < transmission.length; at++) {
    const passed = transmission[at] ?? 1;
    const column = x + (at % width);
    const row = y + Math.floor(at / width);
    if (passed >= 1 || column < 0 || row < 0 || column >= widthPx || row >= heightPx) continue;
    const pixel = row * widthPx + column;
    const before = counts[pixel] ?? 0;
    const photons = before / noise.gain;
    const after =
      photons > FEW_PHOTONS
        ? before * passed +
          (field[at] ?? 0) * Math.sqrt(noise.gain * before * passed * (1 - passed))
        : passing(photons, passed, uniform) * noise.gain;
    const readout = Math.sqrt(noise.readoutVariance * (1 - passed * passed)) * normal();
    composed[pixel] = Math.min(65_535, Math.max(0, Math.round(after + readout)));
  }
  return composed;
}

/** How many of a few photons pass: a binomial number; a part of a photon counts as that chance of one. */
function passing(photons: number, share: number, uniform: () => number): number {
  const whole = Math.floor(photons);
  const count = whole + (uniform() < photons - whole ? 1 : 0);
  let passed = 0;
  for (let photon = 0; photon < count; photon++) if (uniform() < share) passed++;
  return passed;
}
