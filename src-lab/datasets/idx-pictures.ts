import { badData, readDataFile } from './data-file';
import type { LabelledPictures } from './labelled-pictures';

/** Magic numbers of MNIST's files: two zeros, 8 for unsigned bytes, the number of dimensions. */
const PICTURES_MAGIC = 0x0803;
const LABELS_MAGIC = 0x0801;
const DIGITS = ['0', '1', '2', '3', '4', '5', '6', '7', '8', '9'] as const;

/**
 * Reads a pair of IDX files in the form of MNIST (http://yann.lecun.com/exdb/mnist), gzipped or
 * plain: grey pictures of equal size, and a digit each.
 * @throws PhiscanError `file-not-found`, `format-unknown` for another kind of file,
 * `file-truncated`, `file-corrupt`
 */
export async function readIdxPictures(
  picturesFile: string,
  labelsFile: string,
): Promise<LabelledPictures> {
  const pictures = parsePictures(await readDataFile(picturesFile), picturesFile);
  const labels = parseLabels(await readDataFile(labelsFile), labelsFile);
  if (labels.length !== pictures.count) {
    throw badData(
      'file-corrupt',
      labelsFile,
      `it holds ${labels.length} labels for the ${pictures.count} pictures of ${picturesFile}`,
    );
  }
  return {
    classNames: DIGITS,
    labels,
    sidePx: pictures.sidePx,
    channels: 1,
    pixels: pictures.pixels,
  };
}

function parsePictures(
  bytes: Uint8Array,
  file: string,
): { count: number; sidePx: number; pixels: Uint8Array } {
  const [count = 0, rows = 0, columns = 0] = parseHeader(bytes, file, PICTURES_MAGIC, 3);
  if (rows !== columns || rows === 0) {
    throw badData('file-corrupt', file, `its pictures are ${columns} × ${rows} pixels, not square`);
  }
  return { count, sidePx: rows, pixels: parseBody(bytes, file, 16, count * rows * columns) };
}

function parseLabels(bytes: Uint8Array, file: string): Uint8Array {
  const [count = 0] = parseHeader(bytes, file, LABELS_MAGIC, 1);
  const labels = parseBody(bytes, file, 8, count);
  const wrong = labels.find((label) => label >= DIGITS.length);
  if (wrong !== undefined) {
    throw badData('file-corrupt', file, `it holds the label ${wrong}, which is no digit`);
  }
  return labels;
}

/** The sizes of the dimensions. */
function parseHeader(bytes: Uint8Array, file: string, magic: number, dimensions: number): number[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const found = bytes.length < 4 ? null : view.getUint32(0);
  if (found !== magic) {
    const said = found === null ? `${bytes.length} bytes` : `0x${found.toString(16)}`;
    throw badData(
      'format-unknown',
      file,
      `an IDX file begins with 0x${magic.toString(16).padStart(8, '0')}, this one with ${said}`,
    );
  }
  if (bytes.length < 4 + 4 * dimensions) {
    throw badData('file-truncated', file, 'it ends inside its header');
  }
  const sizes = Array.from({ length: dimensions }, (_, i) => view.getUint32(4 + 4 * i));
  if (sizes[0] === 0) throw badData('file-empty', file, 'it says that it holds nothing');
  return sizes;
}

function parseBody(bytes: Uint8Array, file: string, offset: number, length: number): Uint8Array {
  const found = bytes.length - offset;
  if (found < length) {
    throw badData('file-truncated', file, `${length} values were announced, ${found} are there`);
  }
  if (found > length) {
    throw badData('file-corrupt', file, `${found - length} bytes are left over at its end`);
  }
  return bytes.subarray(offset);
}
