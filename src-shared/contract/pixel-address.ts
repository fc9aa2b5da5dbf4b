/**
 * Raw pixels do not travel through calls; the window fetches them from these addresses. They stand
 * apart from the contract's schemas so that the window does not carry a validator it never runs.
 */
export const PIXELS_SCHEME = 'app';

interface TilePlace {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

export const pixelAddress = {
  /**
   * The view's samples in all sizes as src-shared/imaging/display/display-bytes.ts lays them out;
   * size in the headers `x-width-px` and `x-height-px`, samples of a pixel in `x-channels`, the
   * number of the bag's views in `x-view-count` (known as soon as the scan is decoded, before
   * scoring ends).
   */
  view: (presentationId: string, viewIndex: number) =>
    `app://pixels/${encodeURIComponent(presentationId)}/${viewIndex}`,
  /**
   * Three RGB8 squares one after the other: tile, reconstruction, difference; side in
   * `x-tile-size-px`. Then, where the score has a map, a byte for each of its cells, half as many a
   * side. What the score is made of stands in `x-score-parts` as JSON (domain/score-parts).
   */
  tile: (presentationId: string, viewIndex: number, tile: TilePlace) =>
    `app://pixels/${encodeURIComponent(presentationId)}/${viewIndex}/tile/${tile.x},${tile.y},${tile.width},${tile.height}`,
  /** Interleaved RGB8 thumbnail of a bag's first view; size in the headers `x-width-px` and `x-height-px`. */
  thumbnail: (bagId: string) => `app://pixels/bag/${encodeURIComponent(bagId)}/thumbnail`,
} as const;
