import { chain, compose, rotation, translation, type Affine } from '../geometry/affine';
import type { SolidModel } from '../geometry/solid-model';
import { belt, bundle, filling, garment } from '../items/clothes';
import {
  cables,
  camera,
  charger,
  gadget,
  hairDryer,
  headphones,
  laptop,
  phone,
  powerBank,
} from '../items/electronics';
import {
  allowedTool,
  coins,
  glasses,
  keys,
  necklace,
  oddments,
  umbrella,
  watch,
} from '../items/metal-things';
import {
  block,
  book,
  fruit,
  lunchBox,
  packedFood,
  papers,
  softToy,
  wallet,
} from '../items/organic-things';
import { shoes } from '../items/shoes';
import { bottle, tin, toiletries } from '../items/vessels';
import type { RandomStream } from '../random-stream';
import type { BagBody } from './bag-body';
import { backpack, softBag } from './soft-bags';
import { suitcase } from './suitcase';

/** An object in its place. The pose goes from the model's coordinates to the bag's. */
export interface PlacedObject {
  readonly model: SolidModel;
  readonly pose: Affine;
}

export interface PackedBag {
  readonly body: BagBody;
  readonly objects: readonly PlacedObject[];
}

type MakeItem = (random: RandomStream) => SolidModel;

/** What travellers carry, with how often an item of it is drawn. */
const ITEMS: readonly (readonly [number, MakeItem])[] = [
  [7, shoes],
  [3, belt],
  [7, bottle],
  [7, toiletries],
  [2, tin],
  [4, laptop],
  [4, phone],
  [8, charger],
  [7, cables],
  [3, headphones],
  [2, camera],
  [2, hairDryer],
  [4, powerBank],
  [3, gadget],
  [6, keys],
  [5, coins],
  [4, umbrella],
  [4, glasses],
  [3, watch],
  [3, allowedTool],
  [10, oddments],
  [3, necklace],
  [8, book],
  [4, papers],
  [4, fruit],
  [6, packedFood],
  [3, lunchBox],
  [2, softToy],
  [6, block],
  [4, wallet],
];

const TOTAL_WEIGHT = ITEMS.reduce((sum, [weight]) => sum + weight, 0);

/** Packs a bag: its body, wadding, clothes and things, in any pose that fits. */
export function packBag(random: RandomStream): PackedBag {
  const body = random.chance(0.6)
    ? suitcase(random.substream('suitcase'))
    : random.chance(0.6)
      ? backpack(random.substream('backpack'))
      : softBag(random.substream('soft bag'));
  const objects: PlacedObject[] = body.models.map((model) => ({ model, pose: rotation('z', 0) }));
  const clothes = random.substream('clothes');
  const room = (body.length * body.width * body.height) / 2.2e7;
  // How full the bag is: some are nearly empty, some are crammed.
  const load = Math.pow(random.next(), 0.7);
  const wads = Math.round(clothes.range(0, 2.4) * load);
  for (let wad = 0; wad < wads; wad++) {
    const model = filling(clothes, body.length * clothes.range(0.6, 0.95), body.width * 0.95);
    objects.push({ model, pose: translation(0, 0, clothes.range(-0.3, 0.3) * body.height) });
  }
  const garments = Math.round((1 + 9 * load) * Math.min(1.2, room) * clothes.range(0.5, 1.2));
  for (let piece = 0; piece < garments; piece++) {
    const model = clothes.chance(0.72) ? garment(clothes) : bundle(clothes);
    objects.push({ model, pose: placeInside(body, model, clothes, 0.9) });
  }
  const things = random.substream('things');
  const count = Math.round(
    (3 + 15 * things.next()) * Math.sqrt(Math.min(1.3, Math.max(0.3, room))),
  );
  let laptops = 0;
  for (let thing = 0; thing < count; thing++) {
    const own = things.substream(thing);
    const make = drawItem(own);
    if (make === laptop && ++laptops > 1) continue;
    const model = make(own);
    objects.push({ model, pose: placeInside(body, model, own, 0.94) });
  }
  return { body, objects };
}

function drawItem(random: RandomStream): MakeItem {
  let at = random.next() * TOTAL_WEIGHT;
  for (const [weight, make] of ITEMS) {
    at -= weight;
    if (at < 0) return make;
  }
  return book;
}

/**
 * A pose inside the bag: mostly lying flat, along or across or askew, sometimes on its side where
 * the bag is high enough. `share` of the inner length and width may be used.
 */
export function placeInside(
  body: BagBody,
  model: SolidModel,
  random: RandomStream,
  share: number,
): Affine {
  const isAligned = random.chance(0.55);
  const quarter = random.integer(0, 3) * (Math.PI / 2);
  const yaw = isAligned ? quarter + random.range(-0.15, 0.15) : random.range(0, 2 * Math.PI);
  const [low, high] = model.bounds();
  const isFlat = random.chance(0.72) || high[1] - low[1] > body.height * 0.8;
  const tip = isFlat ? random.range(-0.18, 0.18) : random.range(-1.57, 1.57);
  const turn = chain(
    rotation('z', yaw),
    rotation('x', tip),
    rotation('y', random.range(-0.15, 0.15)),
  );
  const [turnedLow, turnedHigh] = model.bounds(turn);
  const along = (axis: 0 | 1 | 2, room: number): number => {
    const half = (turnedHigh[axis] - turnedLow[axis]) / 2;
    const middle = (turnedHigh[axis] + turnedLow[axis]) / 2;
    const slack = Math.max(0, room / 2 - half);
    return random.range(-slack, slack) - middle;
  };
  const x = along(0, body.length * share);
  const y = along(1, body.width * share);
  return compose(translation(x, y, along(2, body.height * 0.9)), turn);
}
