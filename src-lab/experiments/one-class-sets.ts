import { resample } from '../../src-shared/imaging/resample';
import { splitOneClass } from './one-class-split';
import type { PublicSet } from './open-public-set';
import { pictureBytes, pictureSet, type PictureSet } from './picture-set';
import type { ProtocolSets } from './protocol-sets';

export interface OneClassRequest {
  readonly className: string;
  readonly seed: number;
  readonly sidePx: number;
  readonly trainPictures: number;
  readonly testPictures: number;
}

/**
 * The pictures of one run on a public set: the paper's split, each list cut to its size in the
 * order of the seed, scaled to the networks' side.
 */
export function oneClassSets(set: PublicSet, request: OneClassRequest): ProtocolSets {
  const { pictures, description } = set;
  const { className, seed, sidePx, trainPictures, testPictures } = request;
  const label = pictures.classNames.indexOf(className);
  const split = splitOneClass(pictures.labels, label, seed);
  const scaled = (indices: Uint32Array, most: number): PictureSet =>
    scalePictures(set, indices.subarray(0, most), sidePx);
  return {
    train: scaled(split.train, trainPictures),
    testNormal: scaled(split.testNormal, testPictures),
    testAbnormal: new Map([[className, scaled(split.testAbnormal, testPictures)]]),
    description:
      `${description}; anomaly ${className}: ${split.train.length} normal to train on, ` +
      `${split.testNormal.length} normal and ${split.testAbnormal.length} abnormal to test on`,
    sourcePictures: pictures.labels.length,
  };
}

function scalePictures({ pictures }: PublicSet, indices: Uint32Array, sidePx: number): PictureSet {
  const { channels, pixels } = pictures;
  const bytes = pictureBytes(pictures);
  const size = { widthPx: pictures.sidePx, heightPx: pictures.sidePx };
  const scaled = Array.from(indices, (index) => {
    const values = pixels.subarray(index * bytes, (index + 1) * bytes);
    return resample({ ...size, channels, values }, sidePx / pictures.sidePx).values;
  });
  return pictureSet(sidePx, channels, scaled);
}
