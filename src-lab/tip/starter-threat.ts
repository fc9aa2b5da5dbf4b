import type { ThreatProjection } from '../../src-shared/tip/threat-projection';
import type { Affine } from '../simulator/geometry/affine';
import { chain, compose, rotation } from '../simulator/geometry/affine';
import type { SolidModel } from '../simulator/geometry/solid-model';
import { DEFAULT_SCANNER } from '../simulator/physics/scanner';
import { RandomStream } from '../simulator/random-stream';
import { makeThreat } from '../simulator/threats/make-threat';
import { castModel } from './cast-model';
import { improvisedDevice } from './improvised-device';

/** Categories of the starter library, by share. */
export const STARTER_CATEGORIES = ['gun', 'knife', 'gun-part', 'explosive'] as const;
export type StarterCategory = (typeof STARTER_CATEGORIES)[number];

/** Millimetres a pixel: finer than any lane scanner's, so that scaling loses nothing. */
export const STARTER_PITCH_MM = 0.6;
/** Attitudes of each threat; each is seen from above and from the side. */
export const STARTER_ATTITUDES = 2;

/** One simulated threat with its projections. */
export interface StarterThreat {
  readonly id: string;
  readonly category: StarterCategory;
  readonly name: string;
  readonly attitudes: readonly (readonly ThreatProjection[])[];
}

/** Threat number `index` of a seed, from 0; it depends on seed and index alone. */
export function starterThreat(seed: number, index: number): StarterThreat {
  const random = new RandomStream(['phiscan-tip', 1, seed, index]);
  const category = STARTER_CATEGORIES[index % STARTER_CATEGORIES.length] ?? 'gun';
  const model =
    category === 'explosive' ? improvisedDevice(random) : makeThreat(category, random).model;
  const attitudes: ThreatProjection[][] = [];
  for (let attitude = 0; attitude < STARTER_ATTITUDES; attitude++) {
    const turn = attitudeOf(random.substream('attitude', attitude), attitude === 0);
    attitudes.push([view(model, turn), view(model, compose(rotation('x', Math.PI / 2), turn))]);
  }
  const id = `${category}-${seed}-${String(index + 1).padStart(4, '0')}`;
  return { id, category, name: model.className, attitudes };
}

const view = (model: SolidModel, turn: Affine): ThreatProjection =>
  castModel(model, turn, DEFAULT_SCANNER, STARTER_PITCH_MM);

/** Lying nearly flat, as things do in a bag, or tipped: the views that are hard to recognise. */
function attitudeOf(random: RandomStream, isFlat: boolean): Affine {
  const tilt = isFlat ? 0.25 : 1.1;
  return chain(
    rotation('z', random.range(0, 2 * Math.PI)),
    rotation('x', random.range(-tilt, tilt)),
    rotation('y', random.range(-tilt, tilt)),
  );
}
