import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { PhiscanError } from '../../../src-shared/domain/phiscan-error';
import type { ProjectionEntry } from '../../../src-shared/tip/threat-library';
import { LEVELS_PER_ATTENUATION } from '../../../src-shared/tip/threat-library';
import type { ThreatProjection } from '../../../src-shared/tip/threat-projection';
import { parseScan } from '../read-scan';
import { writePngGrey16 } from '../raster/write-png';

/**
 * Reads one projection of a threat library.
 * @param directory the library's folder
 * @throws PhiscanError `threat-library-invalid`
 */
export async function readProjection(
  directory: string,
  entry: ProjectionEntry,
): Promise<ThreatProjection> {
  const low = await readChannel(directory, entry.low);
  const high = await readChannel(directory, entry.high);
  if (low.widthPx !== high.widthPx || low.heightPx !== high.heightPx) {
    throw invalid(
      `The two channels ${entry.low.file} and ${entry.high.file} differ in size, so they are not one projection.`,
    );
  }
  const { pixelPitchMm, blurSigmaPx } = entry;
  return { ...low, low: low.values, high: high.values, pixelPitchMm, blurSigmaPx };
}

/** A channel of attenuation as the bytes of its file. */
export function encodeProjectionChannel(
  widthPx: number,
  heightPx: number,
  attenuation: Float32Array,
): Uint8Array {
  const levels = Uint16Array.from(attenuation, (value) =>
    Math.min(65_535, Math.max(0, Math.round(value * LEVELS_PER_ATTENUATION))),
  );
  return writePngGrey16(widthPx, heightPx, levels);
}

export const sha256Of = (bytes: Uint8Array): string =>
  createHash('sha256').update(bytes).digest('hex');

async function readChannel(
  directory: string,
  { file, sha256 }: ProjectionEntry['low'],
): Promise<{ widthPx: number; heightPx: number; values: Float32Array }> {
  const path = join(directory, file);
  const bytes = await readFile(path).catch((error: unknown) => {
    throw invalid(`${path} could not be read.`, error);
  });
  if (sha256Of(bytes) !== sha256) throw invalid(`${path} is not the file that was put there.`);
  const [view] = parseScan(bytes, path).views;
  if (view?.pixels.kind !== 'single-energy') {
    throw invalid(`${path} does not hold one channel of 16-bit grey.`);
  }
  const { widthPx, heightPx, pixels } = view;
  const values = Float32Array.from(pixels.grey, (level) => level / LEVELS_PER_ATTENUATION);
  return { widthPx, heightPx, values };
}

const invalid = (found: string, cause?: unknown): PhiscanError =>
  new PhiscanError(
    'threat-library-invalid',
    `${found} Make or import the threat library again.`,
    cause === undefined ? undefined : { cause },
  );
