/** The ten classes of CIFAR-10 in the order of its labels (batches.meta.txt). */
export const CIFAR_CLASSES = [
  'airplane',
  'automobile',
  'bird',
  'cat',
  'deer',
  'dog',
  'frog',
  'horse',
  'ship',
  'truck',
] as const;

export const CIFAR_SIDE_PX = 32;
