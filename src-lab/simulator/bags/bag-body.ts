import type { SolidModel } from '../geometry/solid-model';

/** A bag without its contents, about the origin: length along x, width along y, height along z. */
export interface BagBody {
  readonly kind: 'hard suitcase' | 'soft suitcase' | 'backpack' | 'soft bag';
  readonly length: number;
  readonly width: number;
  readonly height: number;
  readonly models: readonly SolidModel[];
}
