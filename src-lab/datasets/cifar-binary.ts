import { CIFAR_CLASSES, CIFAR_SIDE_PX } from './cifar-classes';
import { badData, readDataFile } from './data-file';
import type { LabelledPictures } from './labelled-pictures';

const PLANE_BYTES = CIFAR_SIDE_PX * CIFAR_SIDE_PX;
/** A label, then the red, the green and the blue plane. */
const RECORD_BYTES = 1 + 3 * PLANE_BYTES;

/**
 * Reads a batch of CIFAR-10's binary version (data_batch_1.bin … test_batch.bin,
 * https://www.cs.toronto.edu/~kriz/cifar.html), gzipped or plain. The format has no magic number:
 * the length must be whole records, and every label one of the ten.
 * @throws PhiscanError `file-not-found`, `file-empty`, `file-truncated`, `format-unknown`,
 * `file-corrupt` (gzip)
 */
export async function readCifarBinary(file: string): Promise<LabelledPictures> {
  const bytes = await readDataFile(file);
  if (bytes.length === 0) throw badData('file-empty', file, 'it holds nothing');
  if (bytes.length % RECORD_BYTES !== 0) {
    throw badData(
      'file-truncated',
      file,
      `its ${bytes.length} bytes are not whole records of ${RECORD_BYTES} bytes`,
    );
  }
  const count = bytes.length / RECORD_BYTES;
  const labels = new Uint8Array(count);
  const pixels = new Uint8Array(count * 3 * PLANE_BYTES);
  for (let picture = 0; picture < count; picture++) {
    const start = picture * RECORD_BYTES;
    const label = bytes[start] ?? 255;
    if (label >= CIFAR_CLASSES.length) {
      throw badData(
        'format-unknown',
        file,
        `picture ${picture} has the label ${label}, and CIFAR-10's are 0 to 9`,
      );
    }
    labels[picture] = label;
    interleave(bytes.subarray(start + 1, start + RECORD_BYTES), pixels, picture * 3 * PLANE_BYTES);
  }
  return { classNames: CIFAR_CLASSES, labels, sidePx: CIFAR_SIDE_PX, channels: 3, pixels };
}

function interleave(planes: Uint8Array, into: Uint8Array, offset: number): void {
  for (let pixel = 0; pixel < PLANE_BYTES; pixel++) {
    for (let channel = 0; channel < 3; channel++) {
      into[offset + 3 * pixel + channel] = planes[channel * PLANE_BYTES + pixel] ?? 0;
    }
  }
}
