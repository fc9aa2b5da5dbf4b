/** Small square pictures that each belong to a class: what a public benchmark holds. */
export interface LabelledPictures {
  readonly classNames: readonly string[];
  /** Index of each picture's class. */
  readonly labels: Uint8Array;
  readonly sidePx: number;
  readonly channels: 1 | 3;
  /** Picture after picture, row-major, channels interleaved. */
  readonly pixels: Uint8Array;
}

/** Puts the pictures of several files of the same set one after another, in the order given. */
export function poolPictures(
  parts: readonly [LabelledPictures, ...LabelledPictures[]],
): LabelledPictures {
  const [first] = parts;
  for (const part of parts) {
    const fits =
      part.sidePx === first.sidePx &&
      part.channels === first.channels &&
      part.classNames.join() === first.classNames.join();
    if (!fits) throw new RangeError('Only pictures of one size, kind and list of classes pool.');
  }
  const join = (pick: (part: LabelledPictures) => Uint8Array): Uint8Array => {
    const pooled = new Uint8Array(parts.reduce((sum, part) => sum + pick(part).length, 0));
    let at = 0;
    for (const part of parts) {
      pooled.set(pick(part), at);
      at += pick(part).length;
    }
    return pooled;
  };
  return { ...first, labels: join(({ labels }) => labels), pixels: join(({ pixels }) => pixels) };
}
