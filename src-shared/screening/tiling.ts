import type { TilingScale } from '../domain/model-bundle';
import { PhiscanError } from '../domain/phiscan-error';
import type { Box } from '../domain/screening-outcome';

/** Size and step of a bundle's tiles, in pixels at the model's scale. */
export interface TileShape {
  readonly tileSizePx: number;
  readonly stridePx: number;
}

/**
 * Where the tiles of a picture lie, in pixels at the model's scale: every pair of a column start
 * and a row start, row by row. The last column and row are snapped to the edge, so that every
 * pixel is covered.
 */
export interface TileGrid extends TileShape {
  readonly widthPx: number;
  readonly heightPx: number;
  /** Left edges of the columns, ascending. */
  readonly columnStartsPx: readonly number[];
  /** Upper edges of the rows, ascending. */
  readonly rowStartsPx: readonly number[];
  /** Number of tiles: columns × rows. */
  readonly count: number;
  /** The picture is smaller than a tile in a direction: tiles are filled up with open beam. */
  readonly padded: boolean;
}

/** A picture at the model's scale: interleaved 8-bit RGB, row-major. */
export interface ModelPicture {
  readonly widthPx: number;
  readonly heightPx: number;
  readonly rgb: Uint8Array;
}

/** How one view is tiled at one scale of the bundle. */
export interface ViewTiling {
  /** Model pixels a view pixel. */
  readonly factor: number;
  /** Of the view's size at the model's scale: what the view must be resampled to. */
  readonly grid: TileGrid;
  readonly viewWidthPx: number;
  readonly viewHeightPx: number;
}

function startsAlong(lengthPx: number, { tileSizePx, stridePx }: TileShape): number[] {
  const last = Math.max(0, lengthPx - tileSizePx);
  const starts: number[] = [];
  for (let start = 0; start < last; start += stridePx) starts.push(start);
  starts.push(last);
  return starts;
}

/**
 * Lays tiles over a picture of the given size.
 * @throws PhiscanError `bundle-manifest-invalid` when the stride would leave pixels uncovered.
 */
export function tileGrid(widthPx: number, heightPx: number, shape: TileShape): TileGrid {
  const { tileSizePx, stridePx } = shape;
  if (stridePx < 1 || stridePx > tileSizePx) {
    throw new PhiscanError(
      'bundle-manifest-invalid',
      `A tile stride from 1 to the tile's size (${tileSizePx} px) was expected, ${stridePx} px was found: some pixels would never be screened. Use another model bundle.`,
    );
  }
  const columnStartsPx = startsAlong(widthPx, shape);
  const rowStartsPx = startsAlong(heightPx, shape);
  return {
    widthPx,
    heightPx,
    tileSizePx,
    stridePx,
    columnStartsPx,
    rowStartsPx,
    count: columnStartsPx.length * rowStartsPx.length,
    padded: widthPx < tileSizePx || heightPx < tileSizePx,
  };
}

/** Upper left corner of a tile, in pixels at the model's scale. */
export function tileOrigin(grid: TileGrid, index: number): { x: number; y: number } {
  const columns = grid.columnStartsPx.length;
  const x = grid.columnStartsPx[index % columns];
  const y = grid.rowStartsPx[Math.floor(index / columns)];
  if (x === undefined || y === undefined) {
    throw new RangeError(`The grid has ${grid.count} tiles; tile ${index} was asked for.`);
  }
  return { x, y };
}

/**
 * Model pixels a view pixel at a scale of the bundle.
 * @throws PhiscanError `pixel-pitch-unknown` when the scale is in millimetres and the view's pitch
 * is not known.
 */
export function scaleFactor(scale: TilingScale['scale'], pixelPitchMm: number | null): number {
  if (scale.unit === 'factor') return scale.factor;
  if (pixelPitchMm === null) {
    throw new PhiscanError(
      'pixel-pitch-unknown',
      `The model looks at ${scale.mmPerPixel} mm a pixel, and this scan does not say how many millimetres its pixels are. Export it with its pixel spacing, or use a model that is scaled by a factor.`,
    );
  }
  return pixelPitchMm / scale.mmPerPixel;
}

/**
 * Lays the tiles of one scale over a view.
 * @throws PhiscanError `pixel-pitch-unknown`, `bundle-manifest-invalid`.
 */
export function viewTiling(
  view: {
    readonly widthPx: number;
    readonly heightPx: number;
    readonly pixelPitchMm: number | null;
  },
  scale: TilingScale,
): ViewTiling {
  const factor = scaleFactor(scale.scale, view.pixelPitchMm);
  const modelWidthPx = Math.max(1, Math.round(view.widthPx * factor));
  const modelHeightPx = Math.max(1, Math.round(view.heightPx * factor));
  return {
    factor,
    grid: tileGrid(modelWidthPx, modelHeightPx, scale),
    viewWidthPx: view.widthPx,
    viewHeightPx: view.heightPx,
  };
}

/**
 * A tile's box in the view's own pixels: whole pixels, clipped to the view. Edges that two tiles
 * share at the model's scale are shared here too, so the boxes cover the view as the tiles do.
 */
export function tileBox(tiling: ViewTiling, index: number): Box {
  const { grid, viewWidthPx, viewHeightPx } = tiling;
  const { x, y } = tileOrigin(grid, index);
  const toViewX = (px: number) =>
    Math.round((Math.min(px, grid.widthPx) * viewWidthPx) / grid.widthPx);
  const toViewY = (px: number) =>
    Math.round((Math.min(px, grid.heightPx) * viewHeightPx) / grid.heightPx);
  const left = toViewX(x);
  const top = toViewY(y);
  return {
    x: left,
    y: top,
    width: toViewX(x + grid.tileSizePx) - left,
    height: toViewY(y + grid.tileSizePx) - top,
  };
}

/**
 * Share of each tile's pixels that hold material: those darker than `materialBelowOpenBeam` of the
 * open beam. Pixels outside the picture count as open beam.
 * @param brightness one byte a pixel at the model's scale, 255 at open beam
 * @returns one share in [0, 1] a tile, in the grid's order
 */
export function materialShares(
  brightness: Uint8Array,
  grid: TileGrid,
  materialBelowOpenBeam: number,
): Float32Array {
  const { widthPx, heightPx, tileSizePx, columnStartsPx, rowStartsPx } = grid;
  if (brightness.length !== widthPx * heightPx) {
    throw new RangeError(
      `Brightness of ${widthPx}×${heightPx} pixels was expected, ${brightness.length} values were given.`,
    );
  }
  const limit = materialBelowOpenBeam * 255;
  // Material pixels of each column inside the current row of tiles, slid down from row to row:
  // the integral image of one row of tiles, so that memory does not grow with the picture's height.
  const inColumn = new Uint32Array(widthPx);
  const upTo = new Uint32Array(widthPx + 1);
  const countRow = (y: number, step: 1 | -1) => {
    const row = brightness.subarray(y * widthPx, (y + 1) * widthPx);
    for (let x = 0; x < widthPx; x += 1) {
      if ((row[x] ?? 255) < limit) inColumn[x] = (inColumn[x] ?? 0) + step;
    }
  };
  const shares = new Float32Array(grid.count);
  let from = 0;
  let to = 0;
  let index = 0;
  for (const top of rowStartsPx) {
    const bottom = Math.min(top + tileSizePx, heightPx);
    for (; to < bottom; to += 1) countRow(to, 1);
    for (; from < top; from += 1) countRow(from, -1);
    for (let x = 0; x < widthPx; x += 1) upTo[x + 1] = (upTo[x] ?? 0) + (inColumn[x] ?? 0);
    for (const left of columnStartsPx) {
      const right = Math.min(left + tileSizePx, widthPx);
      shares[index] = ((upTo[right] ?? 0) - (upTo[left] ?? 0)) / (tileSizePx * tileSizePx);
      index += 1;
    }
  }
  return shares;
}

/** The tiles that hold enough material to be scored, in the grid's order. */
export function tilesWithMaterial(shares: Float32Array, minMaterialShare: number): number[] {
  const kept: number[] = [];
  shares.forEach((share, index) => {
    if (share >= minMaterialShare) kept.push(index);
  });
  return kept;
}

/** The networks' input for each byte: x = byte / 127.5 − 1. */
const INPUT_OF_BYTE = Float32Array.from({ length: 256 }, (_, byte) => byte / 127.5 - 1);
/** Open beam is white. */
const OPEN_BEAM_INPUT = 1;

/**
 * Cuts tiles out of a picture as the networks take them: (tile, height, width, RGB), in [−1, 1],
 * filled up with open beam where the picture is smaller than a tile. Writes into the caller's
 * buffer, so that a scan of any size is screened in batches of bounded memory.
 * @returns the part of `into` that was written
 */
export function extractTiles(
  picture: ModelPicture,
  grid: TileGrid,
  tileIndices: readonly number[],
  into: Float32Array,
): Float32Array {
  const { widthPx, heightPx, rgb } = picture;
  const { tileSizePx } = grid;
  const rowLength = tileSizePx * 3;
  const length = tileIndices.length * tileSizePx * rowLength;
  if (widthPx !== grid.widthPx || heightPx !== grid.heightPx) {
    throw new RangeError(
      `The grid is laid over ${grid.widthPx}×${grid.heightPx} pixels, the picture has ${widthPx}×${heightPx}.`,
    );
  }
  if (into.length < length) {
    throw new RangeError(
      `${tileIndices.length} tiles need ${length} values, the buffer has ${into.length}.`,
    );
  }
  const written = into.subarray(0, length);
  if (grid.padded) written.fill(OPEN_BEAM_INPUT);
  let tileOffset = 0;
  for (const index of tileIndices) {
    const { x, y } = tileOrigin(grid, index);
    const rows = Math.min(tileSizePx, heightPx - y);
    const values = Math.min(tileSizePx, widthPx - x) * 3;
    for (let row = 0; row < rows; row += 1) {
      const source = ((y + row) * widthPx + x) * 3;
      const target = tileOffset + row * rowLength;
      for (let i = 0; i < values; i += 1) {
        written[target + i] = INPUT_OF_BYTE[rgb[source + i] ?? 255] ?? OPEN_BEAM_INPUT;
      }
    }
    tileOffset += tileSizePx * rowLength;
  }
  return written;
}

/** The tile of a view whose box this is; null for a box that is none of them. */
export function tileIndexOf(tiling: ViewTiling, box: Box): number | null {
  for (let index = 0; index < tiling.grid.count; index++) {
    const tile = tileBox(tiling, index);
    const isSame =
      tile.x === box.x &&
      tile.y === box.y &&
      tile.width === box.width &&
      tile.height === box.height;
    if (isSame) return index;
  }
  return null;
}
