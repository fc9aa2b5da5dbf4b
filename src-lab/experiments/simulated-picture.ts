import type { DecodedView } from '../../src-main/engine/host/decode-scan';
import { PhiscanError } from '../../src-shared/domain/phiscan-error';
import { toCanonicalPicture } from '../../src-shared/imaging/to-canonical-picture';
import { simulateBag, type SimulatedBag } from '../simulator/simulate-bag';
import type { ThreatKind } from '../simulator/threats/make-threat';

/** A simulated bag as the model sees it, with what lies where. */
export interface SimulatedPicture extends DecodedView {
  readonly bag: SimulatedBag;
  /** One byte a pixel: 1 where a threat lies. */
  readonly threatMask: Uint8Array;
}

/** Open beam is at least this bright a share of itself; what is darker is material. */
export const MATERIAL_BELOW_OPEN_BEAM = 0.95;

/**
 * Simulates one bag and makes the canonical picture of it.
 * @throws PhiscanError `no-open-beam` when the picture shows no air
 */
export function simulatePicture(seed: number, index: number, threat: ThreatKind): SimulatedPicture {
  const bag = simulateBag({ seed, index, threat });
  const { widthPx, heightPx, pixelPitchMm, low, high } = bag;
  const view = { index: 0, widthPx, heightPx, pixelPitchMm };
  const picture = toCanonicalPicture({ ...view, pixels: { kind: 'dual-energy', low, high } });
  if (picture.openBeam === null) {
    throw new PhiscanError(
      'no-open-beam',
      `Bag ${index} of seed ${seed} was simulated without open beam around it, so that material ` +
        'cannot be told from air. Choose another seed.',
    );
  }
  return {
    view: { ...view, pixels: { kind: 'dual-energy' } },
    picture,
    bag,
    threatMask: threatMaskOf(bag),
  };
}

function threatMaskOf({ widthPx, heightPx, masks }: SimulatedBag): Uint8Array {
  const whole = new Uint8Array(widthPx * heightPx);
  for (const { benign, mask } of masks) {
    if (benign) continue;
    for (let row = 0; row < mask.height; row++) {
      for (let column = 0; column < mask.width; column++) {
        if (mask.bitmap[row * mask.width + column] !== 1) continue;
        whole[(mask.y + row) * widthPx + mask.x + column] = 1;
      }
    }
  }
  return whole;
}
