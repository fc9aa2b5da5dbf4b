import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import type { ScanSource } from '../../src-shared/domain/scan';

/** The files of a scan, in the order in which their bytes are hashed and read. */
export const pathsOf = (source: ScanSource): readonly string[] =>
  source.kind === 'file' ? [source.path] : [source.lowPath, source.highPath];

/** SHA-256 (hex) over the source files' bytes in order, as Scan.sha256. @throws what the file system throws */
export async function hashSource(source: ScanSource): Promise<string> {
  const hash = createHash('sha256');
  for (const path of pathsOf(source)) {
    for await (const chunk of createReadStream(path)) hash.update(chunk as Buffer);
  }
  return hash.digest('hex');
}
