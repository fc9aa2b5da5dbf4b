import type { ModelBundle } from '../../src-shared/domain/model-bundle';
import type { ScoreParts } from '../../src-shared/domain/score-parts';
import type { Box, ScanOutcome } from '../../src-shared/domain/screening-outcome';
import type {
  CompositeFacts,
  CompositeSource,
  ScreenedSource,
} from '../../src-shared/tip/composite-source';
import type { EngineName } from './engine';

/** One tile as the model sees it and as it gives it back, for the operator's findings. */
export interface TileInspection {
  /** Side of the three square pictures in pixels. */
  readonly tileSizePx: number;
  /** The tile, its reconstruction, and their absolute difference: interleaved 8-bit RGB. */
  readonly original: Uint8Array;
  readonly reconstruction: Uint8Array;
  readonly difference: Uint8Array;
  /** What the score is made of. */
  readonly parts: ScoreParts;
  /**
   * Where the score lies: displayScore times 255 of each cell of the tile, half as many a side as
   * the pictures have pixels; empty where the score definition has no map.
   */
  readonly map: Uint8Array;
}

/** The canonical picture of a view: what the model sees, and thumbnails and overlays show. */
export interface ViewPlanes {
  /** Of the source files that these pixels were read from. */
  readonly sha256: string;
  /** Views of the scan, this one among them. */
  readonly viewCount: number;
  readonly widthPx: number;
  readonly heightPx: number;
  /** Canonical pseudo-colour picture, interleaved 8-bit RGB. */
  readonly rgb: Uint8Array;
}

/** A view as the viewer draws it: see src-shared/imaging/display. */
export interface ViewDisplay {
  /** Of the source files that these samples were read from. */
  readonly sha256: string;
  /** Views of the scan, this one among them. */
  readonly viewCount: number;
  readonly widthPx: number;
  readonly heightPx: number;
  /** Samples of a pixel: low and high energy, grey, or red, green and blue. */
  readonly channels: number;
  /** The samples in all sizes, as `displayBytes` lays them out. */
  readonly bytes: Uint8Array;
}

/** What the loaded screener is: for About, logs and records. */
export interface ScreenerFacts {
  readonly engine: EngineName;
  readonly runtime: string;
  readonly bundleId: string;
  /** The process that scores: this one, or the host's. */
  readonly processId: number;
}

/**
 * Reads and scores scans with one bundle on one engine. The command line holds it in-process; the
 * window reaches the same class in a utilityProcess through the host client.
 */
export interface Screener {
  load(bundle: ModelBundle, engine: EngineName | 'auto'): Promise<ScreenerFacts>;
  /** Never rejects for a bad scan: that is an outcome (`unscored`). Progress is in [0, 1]. */
  screen(
    source: ScreenedSource,
    onProgress?: (share: number) => void,
    signal?: AbortSignal,
  ): Promise<ScanOutcome>;
  /** Canonical planes of one view of a scan, from the bounded cache or read again. */
  readPlanes(source: ScreenedSource, viewIndex: number): Promise<ViewPlanes>;
  /** The samples of one view in all sizes, likewise. */
  readDisplay(source: ScreenedSource, viewIndex: number): Promise<ViewDisplay>;
  inspectTile(source: ScreenedSource, viewIndex: number, tile: Box): Promise<TileInspection>;
  /** What became of a composite's projection: where it lies, or that there is none. */
  readProjection(source: CompositeSource): Promise<CompositeFacts>;
  dispose(): Promise<void>;
}
