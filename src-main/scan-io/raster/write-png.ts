import { encode } from 'fast-png';

/**
 * Encodes a picture as PNG.
 * @param rgb interleaved 8-bit RGB, row-major
 */
export function writePngRgb8(widthPx: number, heightPx: number, rgb: Uint8Array): Uint8Array {
  checkLength(rgb.length, widthPx * heightPx * 3);
  return encode({ width: widthPx, height: heightPx, data: rgb, depth: 8, channels: 3 });
}

/**
 * Encodes one channel of counts as PNG, exactly.
 * @param grey 0–65,535, row-major
 */
export function writePngGrey16(widthPx: number, heightPx: number, grey: Uint16Array): Uint8Array {
  checkLength(grey.length, widthPx * heightPx);
  return encode({ width: widthPx, height: heightPx, data: grey, depth: 16, channels: 1 });
}

function checkLength(found: number, expected: number): void {
  if (found === expected) return;
  throw new RangeError(`a picture needs ${String(expected)} samples, not ${String(found)}`);
}
