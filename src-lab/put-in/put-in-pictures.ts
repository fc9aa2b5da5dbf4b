import { createHash } from 'node:crypto';
import type { Preprocessing, TilingScale } from '../../src-shared/domain/model-bundle';
import { PhiscanError, toErrorRecord } from '../../src-shared/domain/phiscan-error';
import type { Scan, ScanSource } from '../../src-shared/domain/scan';
import { toAttenuationPlanes } from '../../src-shared/imaging/attenuation-planes';
import type { FoundScan } from '../../src-main/scan-io/group-scan-sources';
import { sortKey } from '../../src-main/scan-io/group-scan-sources';
import { patchPictures } from '../datasets/patch-picture';
import type { SkippedScan } from '../datasets/scan-patches';
import type { AttenuationPicture } from './attenuation-picture';

export interface PutInPicturesOptions {
  readonly found: readonly FoundScan[];
  readonly readScan: (source: ScanSource) => Promise<Scan>;
  readonly preprocessing: Preprocessing;
  /** Each scan gives a picture at each of these. */
  readonly scales: readonly TilingScale[];
  /** Bound on the pictures held at a time; scans beyond it are read again, block by block. */
  readonly memoryBytes: number;
  readonly onProgress?: (scansRead: number, scansTotal: number) => void;
  readonly signal?: AbortSignal;
}

interface Block {
  readonly sources: readonly ScanSource[];
}

/** Benign scans as pictures of attenuation at the model's scale, in blocks of bounded memory. */
export class PutInPictures {
  private resident: { block: Block; pictures: readonly AttenuationPicture[] } | null = null;

  private constructor(
    private readonly options: PutInPicturesOptions,
    private readonly blocks: readonly Block[],
    /** SHA-256 over the scans' own hashes: what a checkpoint belongs to. */
    readonly fingerprint: string,
    readonly scanSha256s: readonly string[],
    readonly skipped: readonly SkippedScan[],
    /** Attenuation that only one pixel in ten thousand exceeds: the palette's black. */
    readonly blackAttenuation: number,
  ) {}

  /**
   * Reads every scan once.
   * @throws PhiscanError `training-impossible` when no scan gives a picture, `cancelled`.
   */
  static async open(options: PutInPicturesOptions): Promise<PutInPictures> {
    const blocks: Block[] = [];
    const skipped: SkippedScan[] = [];
    const hashes: string[] = [];
    const histogram = new Float64Array(HISTOGRAM_BINS);
    let sources: ScanSource[] = [];
    let pictures: AttenuationPicture[] = [];
    for (const [read, entry] of options.found.entries()) {
      if (options.signal?.aborted === true) {
        throw new PhiscanError('cancelled', 'Reading the training scans was cancelled.');
      }
      options.onProgress?.(read, options.found.length);
      if (entry.state === 'broken') {
        skipped.push({ path: entry.path, error: entry.error.toRecord() });
        continue;
      }
      try {
        const { sha256, pictures: ofScan } = await readPictures(options, entry.source);
        if (pictures.length > 0 && bytesOf(pictures) + bytesOf(ofScan) > options.memoryBytes) {
          blocks.push({ sources });
          sources = [];
          pictures = [];
        }
        sources.push(entry.source);
        pictures.push(...ofScan);
        hashes.push(sha256);
        for (const picture of ofScan) countAttenuation(picture, histogram);
      } catch (error) {
        if (!(error instanceof PhiscanError) || error.code === 'cancelled') throw error;
        skipped.push({ path: sortKey(entry.source), error: toErrorRecord(error) });
      }
    }
    options.onProgress?.(options.found.length, options.found.length);
    if (hashes.length === 0) throw nothingToTrainOn(options.found.length, skipped);
    const last: Block = { sources };
    blocks.push(last);
    const fingerprint = createHash('sha256').update(hashes.sort().join('\n')).digest('hex');
    const black = attenuationExceededBy(histogram, BLACK_SHARE);
    const opened = new PutInPictures(options, blocks, fingerprint, hashes, skipped, black);
    opened.resident = { block: last, pictures };
    return opened;
  }

  get scanCount(): number {
    return this.scanSha256s.length;
  }

  get blockCount(): number {
    return this.blocks.length;
  }

  /** Scans of each block: crops are drawn by blocks, so these decide a training's numbers. */
  get blockScans(): number[] {
    return this.blocks.map(({ sources }) => sources.length);
  }

  /** The pictures of one block, counted from 0; the numbering goes round. */
  async block(number: number): Promise<readonly AttenuationPicture[]> {
    const block = this.blocks[number % this.blocks.length];
    if (block === undefined) throw new RangeError(`There is no block ${number}.`);
    if (this.resident?.block === block) return this.resident.pictures;
    this.resident = null;
    const pictures: AttenuationPicture[] = [];
    for (const source of block.sources) {
      pictures.push(...(await readPictures(this.options, source)).pictures);
    }
    this.resident = { block, pictures };
    return pictures;
  }
}

async function readPictures(
  { readScan, preprocessing, scales }: PutInPicturesOptions,
  source: ScanSource,
): Promise<{ sha256: string; pictures: AttenuationPicture[] }> {
  const scan = await readScan(source);
  const ofScales = scales.flatMap((scale) => patchPictures(scan, preprocessing, scale));
  const pictures = ofScales.map(({ picture }) => ({
    widthPx: picture.widthPx,
    heightPx: picture.heightPx,
    planes: toAttenuationPlanes(picture.rgb),
  }));
  return { sha256: scan.sha256, pictures };
}

const HISTOGRAM_BINS = 400;
const BINS_PER_ATTENUATION = 100;
const BLACK_SHARE = 1e-4;

function countAttenuation({ planes }: AttenuationPicture, histogram: Float64Array): void {
  for (let i = 0; i < planes.length; i += 2) {
    const attenuation = ((planes[i] ?? -1) + 1) * 2;
    const bin = Math.min(HISTOGRAM_BINS - 1, Math.floor(attenuation * BINS_PER_ATTENUATION));
    histogram[bin] = (histogram[bin] ?? 0) + 1;
  }
}

function attenuationExceededBy(histogram: Float64Array, share: number): number {
  const allowed = share * histogram.reduce((sum, count) => sum + count, 0);
  let above = 0;
  for (let bin = HISTOGRAM_BINS - 1; bin >= 0; bin--) {
    above += histogram[bin] ?? 0;
    if (above > allowed) return (bin + 1) / BINS_PER_ATTENUATION;
  }
  return 0;
}

function bytesOf(pictures: readonly AttenuationPicture[]): number {
  return pictures.reduce((sum, { planes }) => sum + planes.byteLength, 0);
}

function nothingToTrainOn(scans: number, skipped: readonly SkippedScan[]): PhiscanError {
  const first = skipped[0];
  return new PhiscanError(
    'training-impossible',
    scans === 0
      ? 'No scan was found to train on. Name a folder of benign scans.'
      : `None of ${scans} scans can be trained on` +
          (first === undefined ? '.' : `; the first: ${first.path}: ${first.error.message}`),
  );
}
