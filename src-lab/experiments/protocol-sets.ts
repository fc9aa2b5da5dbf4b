import type { PictureSet } from './picture-set';

/** What a run trains on and what it is tested on; no picture is in two of them. */
export interface ProtocolSets {
  readonly train: PictureSet;
  readonly testNormal: PictureSet;
  readonly testAbnormal: ReadonlyMap<string, PictureSet>;
  /** What the pictures are and how many there were to draw from, in words for the record. */
  readonly description: string;
  /** How many pictures the public set holds; null of simulated ones. */
  readonly sourcePictures: number | null;
}
