import type { Box } from '../../src-shared/domain/screening-outcome';
import { RandomStream } from '../simulator/random-stream';
import type { MeasuredBag, ViewSize } from './measured-bag';
import { bagAreaPx, DARKNESS, tilesOf } from './measured-bag';
import { boxesOf } from './tile-set';

/** Windows cut from each benign bag: more of them steady the figures, and cost little. */
export const WINDOWS_PER_BAG = 8;

/** A benign bag cut to the size of a threat bag: one box a view, in the view's pixels. */
export type SizeWindow = readonly Box[];

/**
 * Cuts benign bags to windows of the threat bags' sizes, so that neither the number of tiles nor
 * the area tells the two folders apart. Each bag gives `perBag` windows. A window has the size of a
 * threat bag that fits into the bag, drawn so that each threat bag's size is wanted about equally
 * often over all benign bags; where none fits, the size of the smallest threat bag, cut to the
 * view. It is centred on a tile of material drawn at random (the darkness baseline's tiles, so that
 * all methods see the same windows) and moved into the view. A method's tiles of a window are those
 * that lie wholly inside it.
 * @returns for each benign bag its windows; none where there is no threat bag
 */
export function sizeWindows(
  benign: readonly MeasuredBag[],
  threat: readonly MeasuredBag[],
  { perBag = WINDOWS_PER_BAG, seed }: { readonly perBag?: number; readonly seed: number },
): SizeWindow[][] {
  if (threat.length === 0) return benign.map(() => []);
  const sizes = threat.map(({ views }) => views);
  const holders = sizes.map((size) => benign.filter(({ views }) => fits(size, views)).length);
  const smallest = sizes.reduce((a, b) => (bagAreaPx(b) < bagAreaPx(a) ? b : a));
  return benign.map((bag, index) => {
    const random = new RandomStream([seed, 'size-windows', index]);
    const weights = sizes.map((size, at) => (fits(size, bag.views) ? 1 / (holders[at] ?? 1) : 0));
    return Array.from({ length: perBag }, () =>
      placeWindow(bag, sizes[drawIndex(weights, random)] ?? smallest, random),
    );
  });
}

function placeWindow(
  bag: MeasuredBag,
  size: readonly ViewSize[],
  random: RandomStream,
): SizeWindow {
  const material = tilesOf(bag, DARKNESS).map(boxesOf);
  return bag.views.map((view, at) => {
    const { widthPx, heightPx } = sizeOfView(size, at);
    const width = Math.min(widthPx, view.widthPx);
    const height = Math.min(heightPx, view.heightPx);
    const tiles = material[at] ?? [];
    const centre = tiles[random.integer(0, Math.max(0, tiles.length - 1))] ?? {
      x: 0,
      y: 0,
      width: view.widthPx,
      height: view.heightPx,
    };
    const place = (from: number, length: number, side: number, viewSide: number) =>
      Math.round(Math.min(Math.max(0, from + length / 2 - side / 2), viewSide - side));
    return {
      x: place(centre.x, centre.width, width, view.widthPx),
      y: place(centre.y, centre.height, height, view.heightPx),
      width,
      height,
    };
  });
}

/** An index drawn by weight; −1 where all weights are 0. */
function drawIndex(weights: readonly number[], random: RandomStream): number {
  let left = random.next() * weights.reduce((sum, weight) => sum + weight, 0);
  return weights.findIndex((weight) => {
    left -= weight;
    return weight > 0 && left < 0;
  });
}

function fits(size: readonly ViewSize[], views: readonly ViewSize[]): boolean {
  return views.every((view, at) => {
    const { widthPx, heightPx } = sizeOfView(size, at);
    return widthPx <= view.widthPx && heightPx <= view.heightPx;
  });
}

/** Where a threat bag has fewer views than the benign one, its last view stands for the others. */
function sizeOfView(size: readonly ViewSize[], at: number): ViewSize {
  return size[Math.min(at, size.length - 1)] ?? { widthPx: 0, heightPx: 0 };
}
