import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { PhiscanError } from '../../src-shared/domain/phiscan-error';
import type { ScanSource } from '../../src-shared/domain/scan';
import type { ScanOutcome } from '../../src-shared/domain/screening-outcome';
import { viewAlarm } from '../../src-shared/screening/alarm-regions';
import { overlayPicture } from '../../src-shared/screening/overlay-picture';
import type { Screener } from '../engine/screener';
import { writePngRgb8 } from '../scan-io/raster/write-png';

/** Writes pictures of scored views with the machine's findings drawn on them into a folder. */
export class OverlayWriter {
  readonly #directory: string;
  readonly #names = new Set<string>();

  private constructor(directory: string) {
    this.#directory = directory;
  }

  /** @throws PhiscanError `arguments-invalid` when the folder cannot be made. */
  static async into(directory: string): Promise<OverlayWriter> {
    try {
      await mkdir(directory, { recursive: true });
    } catch (cause) {
      throw new PhiscanError(
        'arguments-invalid',
        `The folder ${directory} cannot be made for the overlays. Name another with --overlay.`,
        { cause },
      );
    }
    return new OverlayWriter(directory);
  }

  /** Writes one PNG for each scored view; views without a score have nothing to draw. */
  async write(
    name: string,
    source: ScanSource,
    outcome: ScanOutcome,
    screener: Screener,
    threshold: number,
  ): Promise<void> {
    if (outcome.state === 'unscored') return;
    for (const view of outcome.views) {
      if (view.state === 'unscored') continue;
      const { widthPx, heightPx, rgb } = await screener.readPlanes(source, view.viewIndex);
      const { regions } = viewAlarm(view, threshold);
      const { scoreMap, opaque } = view;
      const drawn = overlayPicture({ widthPx, heightPx, rgb, scoreMap, regions, opaque });
      const file = path.join(this.#directory, this.#fileName(name, view.viewIndex));
      await writeFile(file, writePngRgb8(widthPx, heightPx, drawn));
    }
  }

  /** The scan's path in one name, so that scans of different folders do not replace each other. */
  #fileName(scan: string, viewIndex: number): string {
    const flat = path
      .relative('.', scan)
      .split(/[\\/:]+/)
      .filter((part) => part !== '..')
      .join('__');
    let name = `${flat}-view${viewIndex}.png`;
    for (let copy = 2; this.#names.has(name); copy += 1) {
      name = `${flat}-view${viewIndex}-${copy}.png`;
    }
    this.#names.add(name);
    return name;
  }
}
