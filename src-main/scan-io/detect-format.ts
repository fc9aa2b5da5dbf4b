import { basename } from 'node:path';
import { PhiscanError } from '../../src-shared/domain/phiscan-error';

/** What a file is by its first bytes; its name never counts. */
export type FileFormat = 'png' | 'jpeg' | 'tiff' | 'dicom';

/** Where the mark `DICM` stands, after the preamble (DICOM PS3.10, 7.1). */
const DICOM_MARK_AT = 128;

interface Signature {
  readonly at: number;
  readonly bytes: readonly number[];
}

function text(value: string, at = 0): Signature {
  return { at, bytes: Array.from(value, (letter) => letter.charCodeAt(0)) };
}

const READABLE: readonly (readonly [FileFormat, Signature])[] = [
  ['png', { at: 0, bytes: [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a] }],
  ['jpeg', { at: 0, bytes: [0xff, 0xd8, 0xff] }],
  ['tiff', { at: 0, bytes: [0x49, 0x49, 0x2a, 0x00] }],
  ['tiff', { at: 0, bytes: [0x4d, 0x4d, 0x00, 0x2a] }],
  ['dicom', text('DICM', DICOM_MARK_AT)],
];

const FOREIGN: readonly (readonly [string, Signature])[] = [
  ['a PDF document', text('%PDF')],
  ['a GIF picture', text('GIF8')],
  ['a BMP picture', text('BM')],
  ['a WebP picture', text('WEBP', 8)],
  ['a JPEG 2000 picture', text('jP  ', 4)],
  ['a HEIF or AVIF picture, or a video', text('ftyp', 4)],
  ['a BigTIFF picture', { at: 0, bytes: [0x49, 0x49, 0x2b, 0x00] }],
  ['a BigTIFF picture', { at: 0, bytes: [0x4d, 0x4d, 0x00, 0x2b] }],
  ['a ZIP archive or an office document', text('PK\u0003\u0004')],
  ['a gzip archive', { at: 0, bytes: [0x1f, 0x8b] }],
  ['a 7-Zip archive', text('7z\u00bc\u00af')],
  ['a program', text('\u007fELF')],
  ['a program', text('MZ')],
  ['a web page or an XML file', text('<')],
];

/**
 * Tells what a file is by its first bytes.
 * @throws PhiscanError format-unknown, saying what the bytes look like
 */
export function detectFormat(bytes: Uint8Array, path: string): FileFormat {
  for (const [format, signature] of READABLE) if (matches(bytes, signature)) return format;
  throw new PhiscanError(
    'format-unknown',
    `This is ${describe(bytes)} named ${basename(path)}, not a scan. Phiscan reads PNG, JPEG, TIFF, DICOM and DICOS; export the scan as one of these.`,
  );
}

function matches(bytes: Uint8Array, { at, bytes: wanted }: Signature): boolean {
  return wanted.every((value, index) => bytes[at + index] === value);
}

function describe(bytes: Uint8Array): string {
  const foreign = FOREIGN.find(([, signature]) => matches(bytes, signature));
  if (foreign !== undefined) return foreign[0];
  const head = bytes.subarray(0, 256);
  if (head.every((value) => value === 0)) return 'a file of zeros';
  const isText = head.every((value) => value === 9 || value === 10 || value === 13 || value >= 32);
  if (isText) return 'a text file';
  const shown = Array.from(bytes.subarray(0, 4), (value) => value.toString(16).padStart(2, '0'));
  return `an unknown file (it begins with the bytes ${shown.join(' ')})`;
}
