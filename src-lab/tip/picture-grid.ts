import type { Box } from '../../src-shared/domain/screening-outcome';

/** Interleaved 8-bit RGB, row-major. */
export interface RgbPicture {
  readonly widthPx: number;
  readonly heightPx: number;
  readonly rgb: Uint8Array;
}

const GAP_PX = 8;
const PAPER = 235;

/** Cuts a square of `sidePx` about the middle of a box; what lies outside of the picture is paper. */
export function squareAround(picture: RgbPicture, box: Box, sidePx: number): RgbPicture {
  const left = Math.round(box.x + box.width / 2 - sidePx / 2);
  const top = Math.round(box.y + box.height / 2 - sidePx / 2);
  const square = { widthPx: sidePx, heightPx: sidePx, rgb: paper(sidePx * sidePx) };
  paste(square, picture, -left, -top);
  return square;
}

/** Lays pictures of one size out in rows of `columns`. */
export function pictureGrid(pictures: readonly RgbPicture[], columns: number): RgbPicture {
  const [first] = pictures;
  if (first === undefined) throw new RangeError('A sheet needs a picture.');
  const rows = Math.ceil(pictures.length / columns);
  const widthPx = columns * (first.widthPx + GAP_PX) + GAP_PX;
  const heightPx = rows * (first.heightPx + GAP_PX) + GAP_PX;
  const grid = { widthPx, heightPx, rgb: paper(widthPx * heightPx) };
  pictures.forEach((picture, at) => {
    const column = at % columns;
    const row = Math.floor(at / columns);
    paste(
      grid,
      picture,
      GAP_PX + column * (first.widthPx + GAP_PX),
      GAP_PX + row * (first.heightPx + GAP_PX),
    );
  });
  return grid;
}

const paper = (pixels: number): Uint8Array => new Uint8Array(3 * pixels).fill(PAPER);

function paste(onto: RgbPicture, picture: RgbPicture, x: number, y: number): void {
  for (let row = 0; row < picture.heightPx; row++) {
    if (y + row < 0 || y + row >= onto.heightPx) continue;
    const from = Math.max(0, -x);
    const to = Math.min(picture.widthPx, onto.widthPx - x);
    if (to <= from) continue;
    const start = row * picture.widthPx;
    const pixels = picture.rgb.subarray(3 * (start + from), 3 * (start + to));
    onto.rgb.set(pixels, 3 * ((y + row) * onto.widthPx + x + from));
  }
}
