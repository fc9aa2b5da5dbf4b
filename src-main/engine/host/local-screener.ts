import type { Manifest, ModelBundle } from '../../../src-shared/domain/model-bundle';
import { PhiscanError, toErrorRecord } from '../../../src-shared/domain/phiscan-error';
import type { Box, ScanOutcome, ViewOutcome } from '../../../src-shared/domain/screening-outcome';
import {
  ATTENUATION_CHANNELS,
  toTradeColours,
} from '../../../src-shared/imaging/attenuation-planes';
import { scoreCells } from '../../../src-shared/screening/anomaly-map';
import type { ViewTiling } from '../../../src-shared/screening/tiling';
import { extractTiles, tileBox, tileIndexOf } from '../../../src-shared/screening/tiling';
import type {
  CompositeFacts,
  CompositeSource,
  ScreenedSource,
} from '../../../src-shared/tip/composite-source';
import type { Engine, EngineName, LoadedModel, TileBatch } from '../engine';
import { throwIfCancelled } from '../run-in-batches';
import type { Screener, ScreenerFacts, TileInspection, ViewDisplay, ViewPlanes } from '../screener';
import { selectEngine } from '../select-engine';
import type { DrawableView } from './decode-scan';
import { decodeScan } from './decode-scan';
import { displayOf } from './display-of';
import { ScanCache } from './scan-cache';
import { takeApart } from './score-parts';
import { networkTiles } from './score-tiles';
import { materialTiles, prepareScale, screenView } from './screen-view';
import { Stopwatch } from './stopwatch';

export interface LocalScreenerOptions {
  /** Budget of the cache of decoded scans. Default 256 MB: about 30 views of 2580×850. */
  readonly cacheBytes?: number;
  readonly selectEngine?: (name: EngineName | 'auto') => Engine;
}

const DEFAULT_CACHE_BYTES = 256 * 1024 * 1024;

interface Loaded {
  readonly model: LoadedModel;
  readonly manifest: Manifest;
}

/**
 * Reads and scores scans in this process: the command line's screener, and the one that the
 * window's host process owns. One scan is scored at a time, in the order of the calls.
 */
export class LocalScreener implements Screener {
  readonly #cache: ScanCache;
  readonly #selectEngine: (name: EngineName | 'auto') => Engine;
  #loaded: Loaded | null = null;
  #turn: Promise<unknown> = Promise.resolve();

  constructor(options: LocalScreenerOptions = {}) {
    this.#cache = new ScanCache(options.cacheBytes ?? DEFAULT_CACHE_BYTES, decodeScan);
    this.#selectEngine = options.selectEngine ?? selectEngine;
  }

  /** @throws PhiscanError `engine-unavailable`, or a code of model bundles; the old model stays. */
  load(bundle: ModelBundle, engineName: EngineName | 'auto'): Promise<ScreenerFacts> {
    return this.#inTurn(async () => {
      const engine = this.#selectEngine(engineName);
      const model = await engine.load(bundle);
      await this.#loaded?.model.dispose();
      this.#loaded = { model, manifest: bundle.manifest };
      return {
        engine: engine.name,
        runtime: model.runtime,
        bundleId: bundle.manifest.id,
        processId: process.pid,
      };
    });
  }

  screen(
    source: ScreenedSource,
    onProgress?: (share: number) => void,
    signal?: AbortSignal,
  ): Promise<ScanOutcome> {
    return this.#inTurn(async () => {
      try {
        return await this.#screen(source, onProgress, signal);
      } catch (error) {
        return { state: 'unscored', error: toErrorRecord(error) };
      }
    });
  }

  async readPlanes(source: ScreenedSource, viewIndex: number): Promise<ViewPlanes> {
    const { sha256, views } = await this.#cache.read(source);
    const { widthPx, heightPx, rgb } = viewAt(views, viewIndex).picture;
    return { sha256, viewCount: views.length, widthPx, heightPx, rgb };
  }

  async readDisplay(source: ScreenedSource, viewIndex: number): Promise<ViewDisplay> {
    const { sha256, views } = await this.#cache.read(source);
    return { sha256, viewCount: views.length, ...displayOf(viewAt(views, viewIndex)) };
  }

  async readProjection(source: CompositeSource): Promise<CompositeFacts> {
    const { composite } = await this.#cache.read(source);
    return composite ?? { state: 'none', fault: null };
  }

  async inspectTile(source: ScreenedSource, viewIndex: number, box: Box): Promise<TileInspection> {
    const { model, manifest } = this.#requireLoaded();
    const decoded = viewAt((await this.#cache.read(source)).views, viewIndex);
    for (const scale of manifest.scales) {
      const { tiling, modelPicture } = prepareScale(decoded, scale);
      const index = inspectedTile(tiling, box, manifest.scoreDefinition);
      if (index === null) continue;
      const side = scale.tileSizePx;
      const cut = (indices: readonly number[]): TileBatch => {
        const into = new Float32Array(indices.length * side * side * 3);
        const tiles = extractTiles(modelPicture, tiling.grid, indices, into);
        return networkTiles(manifest.preprocessing, side, tiles);
      };
      const shown = cut([index]);
      const { reconstruction = new Float32Array() } = await model.runTiles(shown, [
        'reconstruction',
      ]);
      const scoredTiles = materialTiles(decoded.picture, tiling, manifest);
      const tile = { model, manifest, tiling, index, box, scoredTiles, cut };
      return {
        ...inspection(side, shown, reconstruction),
        ...(await takeApart(tile, meanDifference(shown.values, reconstruction))),
      };
    }
    throw new PhiscanError(
      'arguments-invalid',
      `The box ${box.x},${box.y},${box.width},${box.height} is none of the tiles of this view. ` +
        'Choose a tile of the scan’s own outcome.',
    );
  }

  dispose(): Promise<void> {
    return this.#inTurn(async () => {
      await this.#loaded?.model.dispose();
      this.#loaded = null;
      this.#cache.clear();
    });
  }

  async #screen(
    source: ScreenedSource,
    onProgress: ((share: number) => void) | undefined,
    signal: AbortSignal | undefined,
  ): Promise<ScanOutcome> {
    const { model, manifest } = this.#requireLoaded();
    throwIfCancelled(signal);
    const stopwatch = new Stopwatch();
    const scan = await stopwatch.timeAsync('read', () => this.#cache.read(source));
    throwIfCancelled(signal);
    const views: ViewOutcome[] = [];
    for (const decoded of scan.views) {
      const done = views.length;
      views.push(
        await screenView(decoded, {
          model,
          manifest,
          stopwatch,
          onProgress: (share) => onProgress?.((done + share) / scan.views.length),
          signal,
        }),
      );
    }
    const { sha256, format } = scan;
    return { state: 'screened', sha256, format, views, timesMs: stopwatch.timesMs };
  }

  #requireLoaded(): Loaded {
    if (this.#loaded === null) {
      throw new PhiscanError(
        'engine-unavailable',
        'No model is loaded, so nothing can be scored. Activate a model bundle.',
      );
    }
    return this.#loaded;
  }

  #inTurn<T>(work: () => Promise<T>): Promise<T> {
    const turn = this.#turn.then(work, work);
    // The caller has the failure; the next in line must start all the same.
    this.#turn = turn.catch(() => undefined);
    return turn;
  }
}

function viewAt(views: readonly DrawableView[], viewIndex: number): DrawableView {
  const view = views[viewIndex];
  if (view === undefined) {
    throw new PhiscanError(
      'arguments-invalid',
      `The scan has ${views.length} views, numbered from 0; there is no view ${viewIndex}.`,
    );
  }
  return view;
}

/**
 * The tile of the networks that a box of the view's outcome stands for: the tile itself, or, where
 * a map finer than tiles is scored, the tile in whose middle the scored square lies best.
 */
function inspectedTile(
  tiling: ViewTiling,
  box: Box,
  definition: Manifest['scoreDefinition'],
): number | null {
  if (definition !== 'map') return tileIndexOf(tiling, box);
  if (tileIndexOf(scoreCells(tiling), box) === null) return null;
  let best: { index: number; distance: number } | null = null;
  for (let index = 0; index < tiling.grid.count; index++) {
    const tile = tileBox(tiling, index);
    const dx = tile.x + tile.width / 2 - (box.x + box.width / 2);
    const dy = tile.y + tile.height / 2 - (box.y + box.height / 2);
    const distance = Math.hypot(dx, dy);
    if (best === null || distance < best.distance) best = { index, distance };
  }
  return best?.index ?? null;
}

function inspection(
  tileSizePx: number,
  { channels, values }: TileBatch,
  output: Float32Array,
): Omit<TileInspection, 'parts' | 'map'> {
  const toPicture = channels === ATTENUATION_CHANNELS ? toTradeColours : toBytes;
  const original = toPicture(values);
  const reconstruction = toPicture(output);
  const difference = original.map((byte, index) => Math.abs(byte - (reconstruction[index] ?? 0)));
  return { tileSizePx, original, reconstruction, difference };
}

/** Mean distance of two batches in [−1, 1], as a share of that range. */
function meanDifference(one: Float32Array, other: Float32Array): number {
  const sum = one.reduce((total, value, at) => total + Math.abs(value - (other[at] ?? 0)), 0);
  return sum / 2 / one.length;
}

/** The inverse of x = byte / 127.5 − 1. */
function toBytes(values: Float32Array): Uint8Array {
  return Uint8Array.from(values, (value) => Math.round((value + 1) * 127.5));
}
