import dicomParser, { type DataSet, type Element } from 'dicom-parser';
import { inflateRawSync } from 'node:zlib';
import { PhiscanError } from '../../../src-shared/domain/phiscan-error';
import { corrupt, truncated } from '../scan-faults';

export const DEFLATED_LITTLE_ENDIAN = '1.2.840.10008.1.2.1.99';

/**
 * Parses the elements of a DICOM file of any uncompressed, deflated or encapsulated transfer
 * syntax. Values are not interpreted.
 * @throws PhiscanError file-truncated or file-corrupt
 */
export function parseDicomElements(bytes: Uint8Array, maxInflatedBytes: number): DataSet {
  const dataSet = parseOrThrow(bytes, maxInflatedBytes);
  // The parser only warns where a sequence or the rows lack their closing mark.
  const [warning] = dataSet.warnings;
  if (warning === undefined) return dataSet;
  if (/eof|missing/.test(warning)) throw truncated('DICOM', 'before a closing mark');
  throw corrupt('DICOM', 'a block stands where the rows go on');
}

function parseOrThrow(bytes: Uint8Array, maxInflatedBytes: number): DataSet {
  try {
    return dicomParser.parseDicom(bytes, {
      inflater: (file: Uint8Array, position: number) =>
        inflateDataSet(file, position, maxInflatedBytes),
    });
  } catch (error) {
    if (error instanceof PhiscanError) throw error;
    throw toParseError(error);
  }
}

/** The file with its data set inflated in place, after the header that is never deflated. */
function inflateDataSet(file: Uint8Array, position: number, maxBytes: number): Uint8Array {
  try {
    const inflated = inflateRawSync(file.subarray(position), { maxOutputLength: maxBytes });
    return Buffer.concat([file.subarray(0, position), inflated]);
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : '';
    if (code === 'Z_BUF_ERROR') throw truncated('DICOM', 'inside its compressed part', error);
    throw corrupt('DICOM', 'its compressed part cannot be unpacked', error);
  }
}

/** The parser throws strings, or objects that hold one, when it reads past the end. */
function toParseError(error: unknown): PhiscanError {
  const thrown: unknown =
    typeof error === 'object' && error !== null && 'exception' in error ? error.exception : error;
  const words = thrown instanceof Error ? thrown.message : String(thrown);
  if (/past end|overr(?:un|ead)|invalid value for parameter|end of (?:file|buffer)/i.test(words)) {
    return truncated('DICOM', 'inside its header or its rows', thrown);
  }
  return corrupt('DICOM', 'its blocks cannot be told apart', thrown);
}

/**
 * Typed access to single values; `undefined` where an element is absent or empty. A value that
 * reaches past the end of the file throws PhiscanError file-truncated.
 */
export class DicomElements {
  constructor(private readonly dataSet: DataSet) {}

  find(tag: string): Element | undefined {
    return this.dataSet.elements[`x${tag}`];
  }

  text(tag: string, index?: number): string | undefined {
    const value = readValue(() => this.dataSet.string(`x${tag}`, index));
    const trimmed = value?.trim().replaceAll('\0', '');
    return trimmed === '' ? undefined : trimmed;
  }

  /** US: 0–65,535. */
  uint16(tag: string): number | undefined {
    const element = this.find(tag);
    if (element === undefined || element.length < 2) return undefined;
    return readValue(() => this.dataSet.uint16(`x${tag}`));
  }

  /**
   * DS or IS.
   * @throws PhiscanError file-corrupt when the text is no number
   */
  number(tag: string, index?: number): number | undefined {
    const text = this.text(tag, index);
    if (text === undefined) return undefined;
    const value = Number(text);
    if (Number.isFinite(value)) return value;
    throw corrupt('DICOM', `"${text.slice(0, 20)}" stands where a number belongs`);
  }

  get bytes(): Uint8Array {
    return this.dataSet.byteArray;
  }
}

function readValue<T>(read: () => T): T {
  try {
    return read();
  } catch (error) {
    throw toParseError(error);
  }
}
