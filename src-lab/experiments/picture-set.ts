/** Small pictures of one size, as bytes: what a method is trained on or scores. */
export interface PictureSet {
  readonly sidePx: number;
  readonly channels: 1 | 3;
  readonly count: number;
  /** Picture after picture, row-major, channels interleaved. */
  readonly pixels: Uint8Array;
}

/** Bytes of one picture. */
export function pictureBytes({ sidePx, channels }: Omit<PictureSet, 'count' | 'pixels'>): number {
  return sidePx * sidePx * channels;
}

/** The pictures of some indices, in their order. */
export function pickPictures(set: PictureSet, indices: ArrayLike<number>): PictureSet {
  const bytes = pictureBytes(set);
  const pixels = new Uint8Array(indices.length * bytes);
  for (let i = 0; i < indices.length; i++) {
    const from = (indices[i] ?? 0) * bytes;
    pixels.set(set.pixels.subarray(from, from + bytes), i * bytes);
  }
  return { ...set, count: indices.length, pixels };
}

/** Puts pictures together that were cut one by one. */
export function pictureSet(
  sidePx: number,
  channels: 1 | 3,
  pictures: readonly Uint8Array[],
): PictureSet {
  const bytes = pictureBytes({ sidePx, channels });
  const pixels = new Uint8Array(pictures.length * bytes);
  pictures.forEach((picture, index) => pixels.set(picture, index * bytes));
  return { sidePx, channels, count: pictures.length, pixels };
}

/** Pictures as the networks take them: (count, side, side, channels) in [−1, 1], row-major. */
export function tileValues(set: PictureSet, indices: ArrayLike<number>): Float32Array {
  const bytes = pictureBytes(set);
  const values = new Float32Array(indices.length * bytes);
  for (let i = 0; i < indices.length; i++) {
    const from = (indices[i] ?? 0) * bytes;
    for (let at = 0; at < bytes; at++) {
      values[i * bytes + at] = (set.pixels[from + at] ?? 0) / 127.5 - 1;
    }
  }
  return values;
}
