import type { Preprocessing } from '../../src-shared/domain/model-bundle';

/** What a model of colour patches sees of a scan; its manifest carries it, so that scoring does the same. */
export const PATCH_PREPROCESSING: Preprocessing = {
  canonicalPicture: 'phiscan-material-1',
  range: 'minus-one-to-one',
  greyTransform: 'grey-as-rgb',
  materialBelowOpenBeam: 0.95,
  minMaterialShare: 0.05,
};
