import type { Box } from '../../src-shared/domain/screening-outcome';
import { RandomStream } from '../simulator/random-stream';
import type { MeasuredBag, ViewSize } from './measured-bag';
import { DARKNESS, tilesOf } from './measured-bag';
import { boxesOf } from './tile-set';

/** Windows cut from each benign bag: more of them steady the figures, and cost little. */
export const WINDOWS_PER_BAG = 8;

/** A benign bag cut to the size of a threat bag. */
export interface SizeWindow {
  /** One box a view, in the view's pixels. */
  readonly boxes: readonly Box[];
  /** How much the window counts among all windows, so that their sizes are spread as the threat bags'. */
  readonly amount: number;
}

/**
 * Cuts benign bags to windows of the threat bags' sizes, so that neither the number of tiles nor
 * the area tells the two folders apart. Each bag gives `perBag` windows, each of the size of a
 * threat bag that fits into the bag, drawn so that each threat bag's size is wanted about equally
 * often over all benign bags; the windows are weighted so that every threat bag's size counts the
 * same in the end. A benign bag that holds no threat bag's size gives none. A window is centred on
 * a tile of material drawn at random (the darkness baseline's tiles, so that all methods see the
 * same windows) and moved into the view. A method's tiles of a window are those that lie wholly
 * inside it.
 * @returns for each benign bag its windows
 */
export function sizeWindows(
  benign: readonly MeasuredBag[],
  threat: readonly MeasuredBag[],
  { perBag = WINDOWS_PER_BAG, seed }: { readonly perBag?: number; readonly seed: number },
): SizeWindow[][] {
  const sizes = threat.map(({ views }) => views);
  const holders = sizes.map((size) => benign.filter(({ views }) => fits(size, views)).length);
  const chances = benign.map(({ views }) =>
    normalised(sizes.map((size, at) => (fits(size, views) ? 1 / (holders[at] ?? 1) : 0))),
  );
  // How many windows of each size are to be expected from all bags together.
  const expected = sizes.map((_, at) =>
    chances.reduce((sum, ofBag) => sum + perBag * (ofBag[at] ?? 0), 0),
  );
  return benign.map((bag, index) => {
    const random = new RandomStream([seed, 'size-windows', index]);
    return Array.from({ length: perBag }, () => drawIndex(chances[index] ?? [], random)).flatMap(
      (at) => {
        const size = sizes[at];
        if (size === undefined) return [];
        return [{ boxes: placeWindow(bag, size, random), amount: 1 / (expected[at] ?? 1) }];
      },
    );
  });
}

function placeWindow(bag: MeasuredBag, size: readonly ViewSize[], random: RandomStream): Box[] {
  const material = tilesOf(bag, DARKNESS).map(boxesOf);
  return bag.views.map((view, at) => {
    const { widthPx: width, heightPx: height } = sizeOfView(size, at);
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

/** An index drawn by weights that add up to 1; −1 where all are 0. */
function drawIndex(weights: readonly number[], random: RandomStream): number {
  let left = random.next();
  let last = -1;
  for (const [index, weight] of weights.entries()) {
    if (weight === 0) continue;
    last = index;
    left -= weight;
    if (left < 0) break;
  }
  return last;
}

function normalised(weights: readonly number[]): number[] {
  const sum = weights.reduce((total, weight) => total + weight, 0);
  return sum === 0 ? [...weights] : weights.map((weight) => weight / sum);
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
