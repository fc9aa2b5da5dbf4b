import { existsSync } from 'node:fs';
import path from 'node:path';
import { PhiscanError } from '../../src-shared/domain/phiscan-error';
import { readCifarBinary } from '../datasets/cifar-binary';
import { readCifarJpegArchive } from '../datasets/cifar-jpeg-archive';
import { readIdxPictures } from '../datasets/idx-pictures';
import { poolPictures, type LabelledPictures } from '../datasets/labelled-pictures';
import type { PublicSetName } from './experiment-settings';

/** A public benchmark with the pictures of both its stock splits pooled. */
export interface PublicSet {
  readonly pictures: LabelledPictures;
  /** Which files, for the record. */
  readonly description: string;
}

const MNIST_SPLITS = ['train', 't10k'] as const;
const CIFAR_FOLDERS = ['.', 'cifar-10-batches-bin'] as const;
const CIFAR_BATCHES = [
  'data_batch_1.bin',
  'data_batch_2.bin',
  'data_batch_3.bin',
  'data_batch_4.bin',
  'data_batch_5.bin',
  'test_batch.bin',
] as const;
const CIFAR_ARCHIVE = 'cifar10-jpeg.tar.gz';

/**
 * Opens what a folder holds of a set: MNIST's IDX files (either split, or both), CIFAR-10's binary
 * batches, or its pictures as JPEG files in cifar10-jpeg.tar.gz.
 * @throws PhiscanError `file-not-found`, and those of the readers for damaged files
 */
export async function openPublicSet(name: PublicSetName, directory: string): Promise<PublicSet> {
  return name === 'mnist' ? openMnist(directory) : openCifar(directory);
}

async function openMnist(directory: string): Promise<PublicSet> {
  const parts: LabelledPictures[] = [];
  const files: string[] = [];
  for (const split of MNIST_SPLITS) {
    const pictures = present(directory, `${split}-images-idx3-ubyte`);
    if (pictures === null) continue;
    const labels = `${split}-labels-idx1-ubyte`;
    parts.push(
      await readIdxPictures(pictures, present(directory, labels) ?? path.join(directory, labels)),
    );
    files.push(path.basename(pictures));
  }
  return pooled('MNIST', directory, parts, files, 't10k-images-idx3-ubyte (.gz or plain)');
}

async function openCifar(directory: string): Promise<PublicSet> {
  const parts: LabelledPictures[] = [];
  const files: string[] = [];
  for (const folder of CIFAR_FOLDERS) {
    // Never both folders: the same pictures would be trained on and tested.
    if (parts.length > 0) break;
    for (const batch of CIFAR_BATCHES) {
      const file = path.join(directory, folder, batch);
      if (!existsSync(file)) continue;
      parts.push(await readCifarBinary(file));
      files.push(batch);
    }
  }
  const archive = path.join(directory, CIFAR_ARCHIVE);
  if (parts.length === 0 && existsSync(archive)) {
    parts.push(await readCifarJpegArchive(archive));
    files.push(CIFAR_ARCHIVE);
  }
  const wanted = `data_batch_1.bin … test_batch.bin, or ${CIFAR_ARCHIVE}`;
  return pooled('CIFAR-10', directory, parts, files, wanted);
}

function pooled(
  name: string,
  directory: string,
  parts: readonly LabelledPictures[],
  files: readonly string[],
  wanted: string,
): PublicSet {
  const [first, ...others] = parts;
  if (first === undefined) {
    throw new PhiscanError(
      'file-not-found',
      `${name} was expected in ${directory} as ${wanted}, and is not there. Name the folder that ` +
        'holds it with --datasets.',
    );
  }
  const pictures = poolPictures([first, ...others]);
  return {
    pictures,
    description: `${name}, ${pictures.labels.length} pictures (${files.join(', ')})`,
  };
}

function present(directory: string, name: string): string | null {
  const candidates = [name, `${name}.gz`].map((file) => path.join(directory, file));
  return candidates.find((file) => existsSync(file)) ?? null;
}
