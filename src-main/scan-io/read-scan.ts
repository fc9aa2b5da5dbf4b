import { createHash } from 'node:crypto';
import { missingCaseError } from '../../src-shared/domain/missing-case-error';
import { PhiscanError } from '../../src-shared/domain/phiscan-error';
import type { Scan, ScanSource, ViewPixels } from '../../src-shared/domain/scan';
import { toViewPixels, type DecodedRaster } from './decoded-raster';
import { detectFormat } from './detect-format';
import { combineEnergyPair } from './combine-energy-pair';
import { parseDicom } from './dicom/parse-dicom';
import { parseJpeg } from './raster/parse-jpeg';
import { parsePng } from './raster/parse-png';
import type { ParsedScan, ParsedView } from './parsed-scan';
import { parseTiff } from './raster/parse-tiff';
import { readFileBytes, refuseWhileWritten, type FileBytes } from './read-file-bytes';
import { DEFAULT_READ_LIMITS, type ReadLimits } from './read-limits';

export interface ReadScanOptions {
  readonly limits?: Partial<ReadLimits>;
  /** How long a fresh file that is cut short is watched for changes before it is called so. */
  readonly settleMs?: number;
  readonly signal?: AbortSignal;
}

const DEFAULT_SETTLE_MS = 250;

/**
 * Reads one scan from its file or pair of files. What the file is comes from its first bytes; all
 * sizes are checked before anything is decoded.
 * @throws PhiscanError with one of the codes under "reading scans" in phiscan-error.ts
 */
export async function readScan(source: ScanSource, options: ReadScanOptions = {}): Promise<Scan> {
  const limits = { ...DEFAULT_READ_LIMITS, ...options.limits };
  const settleMs = options.settleMs ?? DEFAULT_SETTLE_MS;
  const paths = source.kind === 'file' ? [source.path] : [source.lowPath, source.highPath];
  const hash = createHash('sha256');
  const parsed: ParsedScan[] = [];
  for (const path of paths) {
    options.signal?.throwIfAborted();
    const file = await readFileBytes(path, limits, settleMs);
    hash.update(file.bytes);
    parsed.push(await parseSettled(file, limits, settleMs));
  }
  const [first, second] = parsed;
  if (first === undefined) throw new RangeError('a scan source names no file');
  const { format, views } = second === undefined ? first : combineEnergyPair(first, second);
  return {
    sha256: hash.digest('hex'),
    format,
    views: views.map((view, index) => ({ index, ...view })),
  };
}

async function parseSettled(
  file: FileBytes,
  limits: ReadLimits,
  settleMs: number,
): Promise<ParsedScan> {
  try {
    return parseScan(file.bytes, file.path, limits);
  } catch (error) {
    if (error instanceof PhiscanError && error.code === 'file-truncated') {
      await refuseWhileWritten(file.path, file.stats, settleMs);
    }
    throw error;
  }
}

/**
 * Parses the bytes of one file.
 * @param path only names the file in messages
 */
export function parseScan(
  bytes: Uint8Array,
  path: string,
  limits: ReadLimits = DEFAULT_READ_LIMITS,
): ParsedScan {
  const format = detectFormat(bytes, path);
  switch (format) {
    case 'png':
      return { format, views: [toView(parsePng(bytes, limits))] };
    case 'jpeg':
      return { format, views: [toView(parseJpeg(bytes, limits))] };
    case 'tiff':
      return { format, views: parseTiff(bytes, limits).map(toView) };
    case 'dicom':
      return parseDicom(bytes, limits);
    default:
      throw missingCaseError(format);
  }
}

function toView(raster: DecodedRaster): ParsedView {
  const pixels: ViewPixels = toViewPixels(raster);
  const { widthPx, heightPx, pixelPitchMm } = raster;
  return { widthPx, heightPx, pixelPitchMm, pixels };
}
