import { ATTENUATION_CHANNELS } from '../imaging/attenuation-planes';
import { MAP_CELL_PX, SCORE_CELL_PX } from './anomaly-map';
import type { TileGrid } from './tiling';
import { tileOrigin } from './tiling';

/** Plane value above which a pixel holds material: an attenuation of 0.1. */
const MATERIAL_PLANE = -0.95;

/** Where the tiles of a view hold material, cell by cell of its map. */
export class MaterialSquares {
  private readonly columns: number;
  private readonly rows: number;
  private readonly cells: Uint8Array;

  constructor(private readonly grid: TileGrid) {
    this.columns = Math.ceil(grid.widthPx / MAP_CELL_PX);
    this.rows = Math.ceil(grid.heightPx / MAP_CELL_PX);
    this.cells = new Uint8Array(this.columns * this.rows);
  }

  /** @param planes (tile, side, side, 2) of attenuation, in the order of the indices */
  add(tileIndices: readonly number[], planes: Float32Array): void {
    const side = this.grid.tileSizePx;
    tileIndices.forEach((index, position) => {
      const { x, y } = tileOrigin(this.grid, index);
      const rows = Math.min(side, this.grid.heightPx - y);
      const columns = Math.min(side, this.grid.widthPx - x);
      for (let row = 0; row < rows; row++) {
        const line = Math.floor((y + row) / MAP_CELL_PX) * this.columns;
        const from = (position * side + row) * side * ATTENUATION_CHANNELS;
        for (let column = 0; column < columns; column++) {
          const value = planes[from + column * ATTENUATION_CHANNELS] ?? Number.NaN;
          if (value > MATERIAL_PLANE) this.cells[line + Math.floor((x + column) / MAP_CELL_PX)] = 1;
        }
      }
    });
  }

  /** Whether the score square that begins at this model pixel holds any. */
  isIn({ x, y }: { readonly x: number; readonly y: number }): boolean {
    const left = Math.floor(x / MAP_CELL_PX);
    const top = Math.floor(y / MAP_CELL_PX);
    const right = Math.min(left + SCORE_CELL_PX / MAP_CELL_PX, this.columns);
    const bottom = Math.min(top + SCORE_CELL_PX / MAP_CELL_PX, this.rows);
    for (let row = top; row < bottom; row++) {
      const line = row * this.columns;
      if (this.cells.subarray(line + left, line + right).includes(1)) return true;
    }
    return false;
  }
}
