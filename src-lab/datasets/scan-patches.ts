import { createHash } from 'node:crypto';
import type { Preprocessing, TilingScale } from '../../src-shared/domain/model-bundle';
import type { ErrorRecord } from '../../src-shared/domain/phiscan-error';
import { PhiscanError, toErrorRecord } from '../../src-shared/domain/phiscan-error';
import type { Scan, ScanSource } from '../../src-shared/domain/scan';
import type { FoundScan } from '../../src-main/scan-io/group-scan-sources';
import { sortKey } from '../../src-main/scan-io/group-scan-sources';
import { RandomStream } from '../simulator/random-stream';
import { flipTile } from './flip-tile';
import type { PatchPicture } from './patch-picture';
import { cutPatch, patchPictures } from './patch-picture';
import { shuffle } from './shuffle';

export interface ScanPatchesOptions {
  /** Benign scans; their order decides the order of patches, so it must not depend on the machine. */
  readonly found: readonly FoundScan[];
  readonly readScan: (source: ScanSource) => Promise<Scan>;
  readonly preprocessing: Preprocessing;
  readonly scale: TilingScale;
  readonly seed: number;
  /** Bound on the pixels held at a time; scans beyond it are read again block by block. */
  readonly memoryBytes: number;
  readonly onProgress?: (scansRead: number, scansTotal: number) => void;
  readonly signal?: AbortSignal;
}

/** A scan that gives no patches, and why. */
export interface SkippedScan {
  readonly path: string;
  readonly error: ErrorRecord;
}

/** Which batches of an epoch are wanted. */
export interface EpochRequest {
  readonly epoch: number;
  readonly batchSize: number;
  /** At most this many patches of the epoch, drawn evenly from all scans; all when null. */
  readonly patchesPerEpoch: number | null;
  /** Batches of this epoch that were trained on already. */
  readonly skipBatches: number;
}

/** Scans that are held in memory together, and the number of their patches. */
interface Block {
  readonly sources: readonly ScanSource[];
  readonly patchCount: number;
}

/**
 * Training patches cut from a set of benign scans: every tile with enough material, in an order
 * drawn from seed and epoch, flipped at random. What is held are the pictures at the model's scale
 * (a quarter of the patches' size at half overlap); when they exceed the bound they are held in
 * blocks of scans, read in turn, and shuffled within.
 */
export class ScanPatches {
  private resident: { block: Block; pictures: readonly PatchPicture[] } | null = null;

  private constructor(
    private readonly options: ScanPatchesOptions,
    private readonly blocks: readonly Block[],
    /** SHA-256 over the scans' own hashes and patch counts: what a checkpoint belongs to. */
    readonly fingerprint: string,
    /** SHA-256 of each scan that gave patches, ascending. */
    readonly scanSha256s: readonly string[],
    readonly scanCount: number,
    readonly patchCount: number,
    readonly skipped: readonly SkippedScan[],
  ) {}

  /**
   * Reads every scan once, to count its patches.
   * @throws PhiscanError `training-impossible` when no scan gives a patch, `cancelled`.
   */
  static async open(options: ScanPatchesOptions): Promise<ScanPatches> {
    const order = Uint32Array.from(options.found.keys());
    shuffle(order, new RandomStream([options.seed, 'scan-order']));
    const blocks: Block[] = [];
    const skipped: SkippedScan[] = [];
    const hashes: string[] = [];
    let sources: ScanSource[] = [];
    let pictures: PatchPicture[] = [];
    let scanCount = 0;
    const endBlock = (): void => {
      if (pictures.length > 0) blocks.push({ sources, patchCount: patchesIn(pictures) });
    };
    for (const [read, index] of order.entries()) {
      options.onProgress?.(read, order.length);
      const entry = options.found[index];
      if (entry === undefined) continue;
      if (entry.state === 'broken') {
        skipped.push({ path: entry.path, error: entry.error.toRecord() });
        continue;
      }
      const { source } = entry;
      const found = await readPictures(options, source);
      if ('error' in found) {
        skipped.push({ path: sortKey(source), error: found.error });
        continue;
      }
      if (
        pictures.length > 0 &&
        bytesOf(pictures) + bytesOf(found.pictures) > options.memoryBytes
      ) {
        endBlock();
        sources = [];
        pictures = [];
      }
      sources.push(source);
      pictures.push(...found.pictures);
      hashes.push(`${found.sha256} ${patchesIn(found.pictures)}`);
      scanCount += 1;
    }
    endBlock();
    options.onProgress?.(order.length, order.length);
    const patchCount = blocks.reduce((sum, block) => sum + block.patchCount, 0);
    if (patchCount === 0) throw nothingToTrainOn(order.length, skipped);
    const fingerprint = createHash('sha256').update(hashes.sort().join('\n')).digest('hex');
    const scanSha256s = hashes.map((hash) => hash.split(' ')[0] ?? '');
    const patches = new ScanPatches(
      options,
      blocks,
      fingerprint,
      scanSha256s,
      scanCount,
      patchCount,
      skipped,
    );
    const last = blocks.at(-1);
    if (last !== undefined) patches.resident = { block: last, pictures };
    return patches;
  }

  /** Scans of each block: patches are drawn by blocks, so these decide a training's numbers. */
  get blockScans(): number[] {
    return this.blocks.map(({ sources }) => sources.length);
  }

  /** Full batches of an epoch; the patches left over at its end are not used in it. */
  batchesPerEpoch({
    batchSize,
    patchesPerEpoch,
  }: Pick<EpochRequest, 'batchSize' | 'patchesPerEpoch'>): number {
    return Math.floor(Math.min(this.patchCount, patchesPerEpoch ?? Infinity) / batchSize);
  }

  /**
   * The batches of an epoch as the networks take them: (batchSize, side, side, 3) in [−1, 1],
   * row-major. Each batch is a buffer of its own. The same seed, epoch and scans give the same
   * batches, also when it starts at a later one.
   */
  async *batches(request: EpochRequest): AsyncGenerator<Float32Array> {
    const { epoch, batchSize, skipBatches } = request;
    const { seed, scale } = this.options;
    const patchLength = scale.tileSizePx * scale.tileSizePx * 3;
    const total = this.batchesPerEpoch(request);
    let batchIndex = skipBatches;
    let batch = new Float32Array(batchSize * patchLength);
    let filled = 0;
    let flips = new RandomStream([seed, 'flips', epoch, batchIndex]);
    let toSkip = skipBatches * batchSize;
    for (const { block, ids } of this.epochOrder(request)) {
      if (toSkip >= ids.length) {
        toSkip -= ids.length;
        continue;
      }
      const pictures = await this.picturesOf(block);
      for (const id of ids.subarray(toSkip)) {
        if (batchIndex === total) return;
        const patch = batch.subarray(filled * patchLength, (filled + 1) * patchLength);
        cutPatch(pictures, id, patch);
        flipTile(patch, scale.tileSizePx, flips.integer(0, 3));
        filled += 1;
        if (filled < batchSize) continue;
        yield batch;
        batchIndex += 1;
        batch = new Float32Array(batchSize * patchLength);
        filled = 0;
        flips = new RandomStream([seed, 'flips', epoch, batchIndex]);
      }
      toSkip = 0;
    }
  }

  /** A few patches spread over the scans of one block, unflipped, as 8-bit RGB. */
  async samplePatches(count: number): Promise<Uint8Array> {
    const block = this.resident?.block ?? this.blocks[0];
    if (block === undefined) throw new RangeError('There are no patches.');
    const pictures = await this.picturesOf(block);
    const { tileSizePx } = this.options.scale;
    const patchLength = tileSizePx * tileSizePx * 3;
    const patch = new Float32Array(patchLength);
    const bytes = new Uint8Array(count * patchLength);
    for (let i = 0; i < count; i++) {
      cutPatch(pictures, Math.floor(((i + 0.5) * block.patchCount) / count), patch);
      bytes.set(
        patch.map((value) => Math.round((value + 1) * 127.5)),
        i * patchLength,
      );
    }
    return bytes;
  }

  /** Blocks in the epoch's order, with the patches to take of each in theirs. */
  private *epochOrder({
    epoch,
    patchesPerEpoch,
  }: EpochRequest): Generator<{ block: Block; ids: Uint32Array }> {
    const { seed } = this.options;
    const wanted = Math.min(this.patchCount, patchesPerEpoch ?? Infinity);
    const order = shuffle(
      Uint32Array.from(this.blocks.keys()),
      new RandomStream([seed, 'blocks', epoch]),
    );
    let passed = 0;
    let taken = 0;
    for (const index of order) {
      const block = this.blocks[index];
      if (block === undefined) continue;
      passed += block.patchCount;
      const quota = Math.round((wanted * passed) / this.patchCount) - taken;
      taken += quota;
      const ids = Uint32Array.from({ length: block.patchCount }, (_, id) => id);
      shuffle(ids, new RandomStream([seed, 'patches', epoch, index]));
      yield { block, ids: ids.subarray(0, quota) };
    }
  }

  private async picturesOf(block: Block): Promise<readonly PatchPicture[]> {
    if (this.resident?.block === block) return this.resident.pictures;
    this.resident = null;
    const pictures: PatchPicture[] = [];
    for (const source of block.sources) {
      const found = await readPictures(this.options, source);
      if ('error' in found) {
        throw new PhiscanError(
          'training-impossible',
          `A scan that could be read before cannot be read now: ${found.error.message} ` +
            'Leave the training folder as it is while training runs.',
        );
      }
      pictures.push(...found.pictures);
    }
    this.resident = { block, pictures };
    return pictures;
  }
}

/** One scan's pictures, or why it gives none: a damaged scan does not end a training. */
async function readPictures(
  { readScan, preprocessing, scale, signal }: ScanPatchesOptions,
  source: ScanSource,
): Promise<{ sha256: string; pictures: PatchPicture[] } | { error: ErrorRecord }> {
  if (signal?.aborted === true) {
    throw new PhiscanError('cancelled', 'Reading the training scans was cancelled.');
  }
  try {
    const scan = await readScan(source);
    return { sha256: scan.sha256, pictures: patchPictures(scan, preprocessing, scale) };
  } catch (error) {
    if (error instanceof PhiscanError) return { error: toErrorRecord(error) };
    throw error;
  }
}

function patchesIn(pictures: readonly PatchPicture[]): number {
  return pictures.reduce((sum, picture) => sum + picture.tiles.length, 0);
}

function bytesOf(pictures: readonly PatchPicture[]): number {
  return pictures.reduce((sum, picture) => sum + picture.picture.rgb.length, 0);
}

function nothingToTrainOn(scans: number, skipped: readonly SkippedScan[]): PhiscanError {
  const first = skipped[0] === undefined ? '' : ` The first of them: ${skipped[0].error.message}`;
  return new PhiscanError(
    'training-impossible',
    `Training needs benign scans with material in them; of ${scans} scans none gave a patch ` +
      `(${skipped.length} could not be used).${first}`,
  );
}
