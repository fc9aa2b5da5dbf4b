import type { SolidModel } from '../geometry/solid-model';
import type { RandomStream } from '../random-stream';
import { gunPart } from './gun-parts';
import { knife } from './knives';
import { pistol } from './pistols';
import { revolver } from './revolvers';

/** What the trade calls the threats. */
export type ThreatClass = 'gun' | 'gun-part' | 'knife';

/** What to put into a bag: nothing, one of a class, or any. */
export const THREAT_KINDS = ['none', 'gun', 'gun-part', 'knife', 'mixed'] as const;
export type ThreatKind = (typeof THREAT_KINDS)[number];

export interface Threat {
  readonly className: ThreatClass;
  readonly model: SolidModel;
}

/** Makes a threat with its long axis along x and its flat side down, about the origin. */
export function makeThreat(kind: Exclude<ThreatKind, 'none'>, random: RandomStream): Threat {
  const className = kind === 'mixed' ? random.pick(['gun', 'gun-part', 'knife']) : kind;
  switch (className) {
    case 'gun':
      return { className, model: random.chance(0.7) ? pistol(random) : revolver(random) };
    case 'gun-part':
      return { className, model: gunPart(random) };
    case 'knife':
      return { className, model: knife(random) };
  }
}
