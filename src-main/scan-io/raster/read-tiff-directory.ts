import type { ReadLimits } from '../read-limits';
import { corrupt, truncated, unsupported } from '../scan-faults';

/** Values of the tags of one page, by tag number (TIFF 6.0, section 2). */
export type TiffDirectory = ReadonlyMap<number, readonly number[]>;

export interface TiffFile {
  readonly view: DataView;
  readonly isLittleEndian: boolean;
  readonly pages: readonly TiffDirectory[];
}

/** Bytes a value of types 1–5: byte, ASCII, short, long, rational. Other types are not needed. */
const TYPE_BYTES = [0, 1, 1, 2, 4, 8];
const RATIONAL = 5;
const ENTRY_BYTES = 12;
/** More values than this in one tag no picture within the limits needs. */
const MAX_VALUES = 1 << 20;

/**
 * Reads the directories of a TIFF. Every offset and count is checked against the file before
 * anything is allocated, and directories that lead in a circle are refused.
 * @throws PhiscanError file-truncated, file-corrupt, format-unsupported
 */
export function readTiffDirectories(
  bytes: Uint8Array,
  wantedTags: ReadonlySet<number>,
  limits: Pick<ReadLimits, 'maxViews'>,
): TiffFile {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const isLittleEndian = bytes[0] === 0x49;
  const reader = new TiffReader(view, isLittleEndian);
  const pages: TiffDirectory[] = [];
  const seen = new Set<number>();
  for (let offset = reader.uint32(4); offset !== 0;) {
    if (seen.has(offset)) throw corrupt('TIFF', 'its pages lead in a circle');
    seen.add(offset);
    // Twice the views, since reduced copies of a page are pages too.
    if (seen.size > 2 * limits.maxViews) {
      throw unsupported('TIFF', 'too many pages', 'Export one bag to a file.');
    }
    const entries = reader.uint16(offset);
    const page = new Map<number, readonly number[]>();
    for (let index = 0; index < entries; index++) {
      const at = offset + 2 + index * ENTRY_BYTES;
      const tag = reader.uint16(at);
      if (wantedTags.has(tag)) page.set(tag, reader.values(at));
    }
    pages.push(page);
    offset = reader.uint32(offset + 2 + entries * ENTRY_BYTES);
  }
  return { view, isLittleEndian, pages };
}

class TiffReader {
  constructor(
    private readonly view: DataView,
    private readonly isLittleEndian: boolean,
  ) {}

  uint16(at: number): number {
    this.checkRange(at, 2);
    return this.view.getUint16(at, this.isLittleEndian);
  }

  uint32(at: number): number {
    this.checkRange(at, 4);
    return this.view.getUint32(at, this.isLittleEndian);
  }

  /** Values of the directory entry at an offset. */
  values(entry: number): number[] {
    const type = this.uint16(entry + 2);
    const count = this.uint32(entry + 4);
    const size = TYPE_BYTES[type] ?? 0;
    if (size === 0) throw corrupt('TIFF', `a tag has the unfit type ${String(type)}`);
    if (count === 0 || count > MAX_VALUES) {
      throw corrupt('TIFF', `a tag has ${String(count)} values`);
    }
    const start = size * count <= 4 ? entry + 8 : this.uint32(entry + 8);
    this.checkRange(start, size * count);
    return Array.from({ length: count }, (_, index) => this.value(type, start + index * size));
  }

  private value(type: number, at: number): number {
    if (type === RATIONAL) return this.uint32(at) / this.uint32(at + 4);
    if (type === 3) return this.uint16(at);
    return type === 4 ? this.uint32(at) : this.view.getUint8(at);
  }

  private checkRange(at: number, length: number): void {
    if (at + length > this.view.byteLength) throw truncated('TIFF', 'inside its header');
  }
}
