/** How a view's pixels are held: as the scanner delivered them, never altered after reading. */
export type ViewPixels = DualEnergyPixels | SingleEnergyPixels | RgbPixels;

/** Two channels of detector counts (0–65,535), row-major, brighter means less attenuation. */
export interface DualEnergyPixels {
  readonly kind: 'dual-energy';
  readonly low: Uint16Array;
  readonly high: Uint16Array;
}

/** One channel of detector counts (0–65,535), row-major; 8-bit sources are multiplied by 257. */
export interface SingleEnergyPixels {
  readonly kind: 'single-energy';
  readonly grey: Uint16Array;
}

/** The scanner's own pseudo-colour export: interleaved 8-bit RGB, row-major, 3 bytes a pixel. */
export interface RgbPixels {
  readonly kind: 'rgb';
  readonly rgb: Uint8Array;
}

export type PixelKind = ViewPixels['kind'];

/** One projection of a bag. */
export interface View {
  readonly index: number;
  readonly widthPx: number;
  readonly heightPx: number;
  /** Millimetres a pixel in the bag, where the source says so. */
  readonly pixelPitchMm: number | null;
  readonly pixels: ViewPixels;
}

/** One acquisition of a bag, as read from its file or files. */
export interface Scan {
  /** SHA-256 (hex) over the bytes of the source files in order: what a record names. */
  readonly sha256: string;
  readonly format: ScanFormat;
  readonly views: readonly View[];
}

export type ScanFormat = 'png' | 'jpeg' | 'tiff' | 'dicom' | 'dicos' | 'png-pair' | 'tiff-pair';

/** Where a scan lies: one file, or a low- and a high-energy file of the same view. */
export type ScanSource =
  | { readonly kind: 'file'; readonly path: string }
  | { readonly kind: 'pair'; readonly lowPath: string; readonly highPath: string };
