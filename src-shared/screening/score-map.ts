import type { ScoreMap, TileScore } from '../domain/screening-outcome';

/** Weight that a cell keeps at a tile's very edge, so that cells that only edges reach are drawn. */
const EDGE_WEIGHT = 1e-3;

/** Hann window of a tile: 1 at its centre, nearly 0 at its edges. `share` is in [0, 1]. */
function hann(share: number): number {
  const sine = Math.sin(Math.PI * share);
  return EDGE_WEIGHT + (1 - EDGE_WEIGHT) * sine * sine;
}

/** Side of the map's cells for tiles that are `stridePx` view pixels apart: four cells a stride. */
export function cellSizePx(stridePx: number): number {
  return Math.max(1, Math.round(stridePx / 4));
}

/**
 * The averaged map that is drawn over a view: each cell holds the mean displayScore of the scored
 * tiles over its centre, weighted by a Hann window around each tile's centre; NaN where none lies.
 */
export function scoreMap(
  view: { readonly widthPx: number; readonly heightPx: number },
  tileScores: readonly TileScore[],
  cellPx: number,
): ScoreMap {
  const columns = Math.ceil(view.widthPx / cellPx);
  const rows = Math.ceil(view.heightPx / cellPx);
  const centresX = cellCentres(view.widthPx, cellPx);
  const centresY = cellCentres(view.heightPx, cellPx);
  const weighted = new Float64Array(columns * rows);
  const weights = new Float64Array(columns * rows);
  for (const tile of tileScores) {
    const firstRow = Math.floor(tile.y / cellPx);
    const lastRow = Math.min(rows - 1, Math.floor((tile.y + tile.height) / cellPx));
    const firstColumn = Math.floor(tile.x / cellPx);
    const lastColumn = Math.min(columns - 1, Math.floor((tile.x + tile.width) / cellPx));
    for (let row = firstRow; row <= lastRow; row += 1) {
      const shareY = ((centresY[row] ?? 0) - tile.y) / tile.height;
      if (shareY < 0 || shareY > 1) continue;
      const weightY = hann(shareY);
      for (let column = firstColumn; column <= lastColumn; column += 1) {
        const shareX = ((centresX[column] ?? 0) - tile.x) / tile.width;
        if (shareX < 0 || shareX > 1) continue;
        const weight = weightY * hann(shareX);
        const cell = row * columns + column;
        weighted[cell] = (weighted[cell] ?? 0) + weight * tile.displayScore;
        weights[cell] = (weights[cell] ?? 0) + weight;
      }
    }
  }
  const displayScores = Float32Array.from(weighted, (sum, cell) => {
    const weight = weights[cell] ?? 0;
    return weight > 0 ? sum / weight : Number.NaN;
  });
  return { columns, rows, cellPx, displayScores };
}

/** Middle of each cell's part inside the view. */
function cellCentres(lengthPx: number, cellPx: number): number[] {
  return Array.from({ length: Math.ceil(lengthPx / cellPx) }, (_, cell) => {
    const from = cell * cellPx;
    return (from + Math.min(from + cellPx, lengthPx)) / 2;
  });
}
