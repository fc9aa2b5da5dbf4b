/** An RGBA picture in memory: row-major, 4 bytes a pixel, colour not premultiplied by alpha. */
export interface Raster {
  readonly widthPx: number;
  readonly heightPx: number;
  readonly rgba: Uint8ClampedArray<ArrayBuffer>;
}

/** A small picture as fetched: row-major interleaved RGB, 3 bytes a pixel. */
export interface ViewPicture {
  readonly widthPx: number;
  readonly heightPx: number;
  readonly rgb: Uint8Array;
}
