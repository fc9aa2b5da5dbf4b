import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import jpeg from 'jpeg-js';
import { simulateBag } from '../../src-lab/simulator/simulate-bag';
import { SIMULATOR_VERSION } from '../../src-lab/simulator/simulator-version';
import { renderMaterialPalette } from '../../src-shared/imaging/material-palette';
import {
  HUE_NAMES,
  pictureStatistics,
  shrink,
  type PictureStatistics,
  type RgbPicture,
} from './picture-statistics';
import { spread, type Spread } from './spread';

/** Statistics of real and simulated pseudo-colour pictures at about the same millimetres a pixel. */
export interface RealVersusSimulated {
  readonly simulatorVersion: string;
  readonly seed: number;
  readonly real: { readonly source: string; readonly pictures: number; readonly scale: number };
  readonly simulated: { readonly pictures: number; readonly openBeamCounts: number };
  readonly measures: Readonly<
    Record<string, { readonly real: Spread; readonly simulated: Spread }>
  >;
}

/**
 * Compares every nth real benign export with as many simulated bags.
 * @param realDirectory folder of JPEG exports; they are read, never copied
 * @param realScale factor on the real pictures' sides
 */
export function compareWithReal(
  realDirectory: string,
  pictures: number,
  realScale: number,
  seed: number,
): RealVersusSimulated {
  const names = readdirSync(realDirectory)
    .filter((name) => /\.jpe?g$/i.test(name))
    .sort();
  const step = Math.max(1, Math.floor(names.length / pictures));
  const chosen = names.filter((_, at) => at % step === 0).slice(0, pictures);
  const real = chosen.map((name) =>
    pictureStatistics(shrink(readJpeg(join(realDirectory, name)), realScale)),
  );
  const simulated = chosen.map((_, index) => {
    const bag = simulateBag({ seed, index, threat: 'none' });
    const rgb = renderMaterialPalette(bag.low, bag.high, 60_000, 60_000);
    return pictureStatistics({ widthPx: bag.widthPx, heightPx: bag.heightPx, rgb });
  });
  const measures = Object.fromEntries(
    measureNames().map(([name, read]) => [
      name,
      { real: spread(real.map(read)), simulated: spread(simulated.map(read)) },
    ]),
  );
  return {
    simulatorVersion: SIMULATOR_VERSION,
    seed,
    real: { source: 'sixray/train/benign', pictures: real.length, scale: realScale },
    simulated: { pictures: simulated.length, openBeamCounts: 60_000 },
    measures,
  };
}

function measureNames(): [string, (statistics: PictureStatistics) => number][] {
  return [
    ['bag share of the picture', (s) => s.bagShare],
    ['mean brightness', (s) => s.meanBrightness],
    ...Array.from({ length: 8 }, (_, bin): [string, (s: PictureStatistics) => number] => [
      `brightness ${String(bin * 31)}–${String(bin * 31 + 31)}`,
      (s) => s.brightnessShares[bin] ?? 0,
    ]),
    ['gradient mean', (s) => s.gradient.mean],
    ['gradient p50', (s) => s.gradient.p50],
    ['gradient p90', (s) => s.gradient.p90],
    ['gradient p99', (s) => s.gradient.p99],
    ...HUE_NAMES.map((hue): [string, (s: PictureStatistics) => number] => [
      `${hue} share`,
      (s) => s.hueShares[hue],
    ]),
  ];
}

function readJpeg(path: string): RgbPicture {
  const { width, height, data } = jpeg.decode(readFileSync(path), {
    useTArray: true,
    formatAsRGBA: false,
    maxMemoryUsageInMB: 1024,
  });
  return { widthPx: width, heightPx: height, rgb: data };
}
