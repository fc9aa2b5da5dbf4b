import type { DecodedRaster } from '../../src-main/scan-io/decoded-raster';
import { parseJpeg } from '../../src-main/scan-io/raster/parse-jpeg';
import { DEFAULT_READ_LIMITS } from '../../src-main/scan-io/read-limits';
import { PhiscanError } from '../../src-shared/domain/phiscan-error';
import { CIFAR_CLASSES, CIFAR_SIDE_PX } from './cifar-classes';
import { badData, readDataFile } from './data-file';
import type { LabelledPictures } from './labelled-pictures';
import { tarFiles } from './tar-files';

const PICTURE_BYTES = 3 * CIFAR_SIDE_PX * CIFAR_SIDE_PX;
const LIMITS = { ...DEFAULT_READ_LIMITS, maxSidePx: CIFAR_SIDE_PX };
/** train/<class>/….jpg and test/<class>/….jpg */
const MEMBER = /^(?:\.\/)?(?:train|test)\/([^/]+)\/[^/]+\.jpe?g$/i;

/**
 * Reads CIFAR-10 from a tar archive, gzipped or plain, of JPEG files in train/<class>/ and
 * test/<class>/; both splits are pooled, in the archive's order.
 * @throws PhiscanError `file-not-found`, `format-unknown`, `file-truncated`, `file-corrupt`
 */
export async function readCifarJpegArchive(file: string): Promise<LabelledPictures> {
  const labels: number[] = [];
  const pictures: Uint8Array[] = [];
  for (const { name, bytes } of tarFiles(await readDataFile(file), file)) {
    const className = MEMBER.exec(name)?.[1];
    if (className === undefined) continue;
    const label = CIFAR_CLASSES.findIndex((known) => known === className);
    if (label < 0) {
      throw badData(
        'format-unknown',
        file,
        `${name} lies in a folder that is no class of CIFAR-10`,
      );
    }
    labels.push(label);
    pictures.push(decode(bytes, name, file));
  }
  if (pictures.length === 0) {
    throw badData('format-unknown', file, 'no train/<class>/….jpg or test/<class>/….jpg is in it');
  }
  const pixels = new Uint8Array(pictures.length * PICTURE_BYTES);
  pictures.forEach((picture, index) => pixels.set(picture, index * PICTURE_BYTES));
  return {
    classNames: CIFAR_CLASSES,
    labels: Uint8Array.from(labels),
    sidePx: CIFAR_SIDE_PX,
    channels: 3,
    pixels,
  };
}

function decode(bytes: Uint8Array, name: string, file: string): Uint8Array {
  const { widthPx, heightPx, channels, samples } = parse(bytes, name, file);
  if (widthPx !== CIFAR_SIDE_PX || heightPx !== CIFAR_SIDE_PX || channels !== 3) {
    throw badData('file-corrupt', file, `${name} is no colour picture of 32 × 32 pixels`);
  }
  return Uint8Array.from(samples);
}

function parse(bytes: Uint8Array, name: string, file: string): DecodedRaster {
  try {
    return parseJpeg(bytes, LIMITS);
  } catch (cause) {
    if (!(cause instanceof PhiscanError)) throw cause;
    throw badData(
      'file-corrupt',
      file,
      `${name} in it cannot be decoded (${cause.message})`,
      cause,
    );
  }
}
