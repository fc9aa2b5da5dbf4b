import { stat } from 'node:fs/promises';
import type { ScreenedSource } from '../../../src-shared/tip/composite-source';
import { scanOf } from '../../../src-shared/tip/composite-source';
import type { DrawableScan } from './decode-scan';

interface Entry {
  readonly stamp: string | null;
  readonly scan: DrawableScan;
}

/**
 * The last decoded scans, up to a number of bytes, the least recently used going first: a scan is
 * decoded once for scoring, drawing and inspecting. A file that changed is decoded anew; one that
 * is gone (a stick pulled out) is still served while it is here.
 */
export class ScanCache {
  readonly #maxBytes: number;
  readonly #decode: (source: ScreenedSource) => Promise<DrawableScan>;
  readonly #entries = new Map<string, Entry>();
  readonly #decoding = new Map<string, Promise<DrawableScan>>();
  #bytes = 0;

  constructor(maxBytes: number, decode: (source: ScreenedSource) => Promise<DrawableScan>) {
    this.#maxBytes = maxBytes;
    this.#decode = decode;
  }

  /** Bytes of the scans held. */
  get bytes(): number {
    return this.#bytes;
  }

  /** @throws PhiscanError as `decode` does; a failure is not remembered. */
  async read(source: ScreenedSource): Promise<DrawableScan> {
    const key = JSON.stringify(source);
    const stamp = await stampOf(source);
    const held = this.#entries.get(key);
    if (held !== undefined && (stamp === null || held.stamp === stamp)) {
      this.#entries.delete(key);
      this.#entries.set(key, held);
      return held.scan;
    }
    const inFlight = `${key} ${stamp}`;
    const running = this.#decoding.get(inFlight);
    if (running !== undefined) return running;
    const decoding = this.#decode(source);
    this.#decoding.set(inFlight, decoding);
    try {
      const scan = await decoding;
      this.#keep(key, { stamp, scan });
      return scan;
    } finally {
      this.#decoding.delete(inFlight);
    }
  }

  clear(): void {
    this.#entries.clear();
    this.#bytes = 0;
  }

  #keep(key: string, entry: Entry): void {
    this.#drop(key);
    if (entry.scan.bytes > this.#maxBytes) return;
    for (const oldest of this.#entries.keys()) {
      if (this.#bytes + entry.scan.bytes <= this.#maxBytes) break;
      this.#drop(oldest);
    }
    this.#entries.set(key, entry);
    this.#bytes += entry.scan.bytes;
  }

  #drop(key: string): void {
    this.#bytes -= this.#entries.get(key)?.scan.bytes ?? 0;
    this.#entries.delete(key);
  }
}

/** Size and time of change of a scan's files; null when one cannot be seen. */
async function stampOf(source: ScreenedSource): Promise<string | null> {
  const scan = scanOf(source);
  const paths = scan.kind === 'file' ? [scan.path] : [scan.lowPath, scan.highPath];
  const stamps = await Promise.all(
    paths.map((path) =>
      stat(path).then(
        ({ size, mtimeMs }) => `${size}@${mtimeMs}`,
        // Reading the scan says what is wrong with the file, in its own words.
        () => null,
      ),
    ),
  );
  return stamps.includes(null) ? null : stamps.join(' ');
}
