/** The few value representations that Phiscan writes (DICOM PS3.5, table 6.2-1). */
export type DicomValue =
  | {
      readonly vr: 'UI' | 'CS' | 'LO' | 'SH' | 'DS' | 'IS' | 'DA' | 'TM' | 'PN';
      readonly text: string;
    }
  | { readonly vr: 'US'; readonly numbers: readonly number[] }
  | { readonly vr: 'UL'; readonly numbers: readonly number[] }
  | { readonly vr: 'OB' | 'OW'; readonly bytes: Uint8Array };

/** Values by tag, `ggggeeee` in lower-case hex. */
export type DicomDataSet = Readonly<Record<string, DicomValue>>;

export const EXPLICIT_LITTLE_ENDIAN = '1.2.840.10008.1.2.1';
const IMPLEMENTATION_CLASS_UID = '2.25.181537610342218372960122734690145012177';

const PREAMBLE_BYTES = 128;
/** These carry a length of four bytes after two reserved ones (PS3.5, 7.1.2). */
const LONG_LENGTH_VRS = ['OB', 'OW'];

/**
 * Encodes a DICOM file, explicit VR little endian: preamble, file meta information, data set.
 * The data set must hold the SOP class and instance UIDs.
 */
export function encodeDicomFile(dataSet: DicomDataSet): Uint8Array {
  const sopClass = textOf(dataSet, '00080016');
  const sopInstance = textOf(dataSet, '00080018');
  const meta = encodeElements({
    '00020001': { vr: 'OB', bytes: Uint8Array.of(0, 1) },
    '00020002': { vr: 'UI', text: sopClass },
    '00020003': { vr: 'UI', text: sopInstance },
    '00020010': { vr: 'UI', text: EXPLICIT_LITTLE_ENDIAN },
    '00020012': { vr: 'UI', text: IMPLEMENTATION_CLASS_UID },
  });
  const metaLength = encodeElements({ '00020000': { vr: 'UL', numbers: [meta.length] } });
  return Buffer.concat([
    new Uint8Array(PREAMBLE_BYTES),
    Buffer.from('DICM', 'latin1'),
    metaLength,
    meta,
    encodeElements(dataSet),
  ]);
}

function textOf(dataSet: DicomDataSet, tag: string): string {
  const value = dataSet[tag];
  if (value === undefined || !('text' in value)) throw new RangeError(`no text under ${tag}`);
  return value.text;
}

function encodeElements(dataSet: DicomDataSet): Uint8Array {
  const parts: Uint8Array[] = [];
  // Tags must ascend (PS3.5, 7.1); of equal length, they do so as text.
  for (const [tag, value] of Object.entries(dataSet).sort(([a], [b]) => (a < b ? -1 : 1))) {
    const body = encodeValue(value);
    const isLong = LONG_LENGTH_VRS.includes(value.vr);
    const head = Buffer.alloc(isLong ? 12 : 8);
    head.writeUInt16LE(Number.parseInt(tag.slice(0, 4), 16), 0);
    head.writeUInt16LE(Number.parseInt(tag.slice(4), 16), 2);
    head.write(value.vr, 4, 'latin1');
    if (isLong) head.writeUInt32LE(body.length, 8);
    else head.writeUInt16LE(body.length, 6);
    parts.push(head, body);
  }
  return Buffer.concat(parts);
}

function encodeValue(value: DicomValue): Uint8Array {
  if ('bytes' in value) return padded(value.bytes, 0);
  if ('text' in value) return padded(Buffer.from(value.text, 'latin1'), value.vr === 'UI' ? 0 : 32);
  const width = value.vr === 'US' ? 2 : 4;
  const body = Buffer.alloc(width * value.numbers.length);
  value.numbers.forEach((number, index) => body.writeUIntLE(number, index * width, width));
  return body;
}

/** Values have an even length (PS3.5, 6.2). */
function padded(bytes: Uint8Array, padding: number): Uint8Array {
  return bytes.length % 2 === 0 ? bytes : Buffer.concat([bytes, Uint8Array.of(padding)]);
}
