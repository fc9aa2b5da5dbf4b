import { decode, encode } from 'fast-png';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect } from 'vitest';

const folder = path.join(import.meta.dirname, 'pictures');
const wrongFolder = path.resolve(import.meta.dirname, '..', '..', 'test-results', 'golden');

interface Rgb8Picture {
  readonly widthPx: number;
  readonly heightPx: number;
  readonly rgb: Uint8Array;
}

/**
 * Holds a picture to its golden one, pixel for pixel. With GOLDEN_UPDATE=1 the golden picture is
 * written instead, to be looked at before it is committed.
 */
export function expectGolden(name: string, picture: Rgb8Picture): void {
  const file = path.join(folder, `${name}.png`);
  const png = encode({
    width: picture.widthPx,
    height: picture.heightPx,
    data: picture.rgb,
    channels: 3,
    depth: 8,
  });
  if (process.env['GOLDEN_UPDATE'] === '1') {
    mkdirSync(folder, { recursive: true });
    writeFileSync(file, png);
    return;
  }
  if (!existsSync(file))
    throw new Error(`No golden picture ${name}.png: make it with GOLDEN_UPDATE=1 and look at it.`);
  const golden = decode(readFileSync(file));
  const size = { widthPx: golden.width, heightPx: golden.height };
  expect(size).toEqual({ widthPx: picture.widthPx, heightPx: picture.heightPx });
  const differing = picture.rgb.reduce(
    (count, value, at) => count + (value === golden.data[at] ? 0 : 1),
    0,
  );
  if (differing > 0) {
    mkdirSync(wrongFolder, { recursive: true });
    writeFileSync(path.join(wrongFolder, `${name}.png`), png);
  }
  expect(
    differing,
    `bytes that differ from ${name}.png; what was drawn is in test-results/golden`,
  ).toBe(0);
}
