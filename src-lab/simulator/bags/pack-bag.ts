import { chain, compose, IDENTITY, rotation, translation, type Affine } from '../geometry/affine';
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
import { Occupancy } from './occupancy';
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
  readonly occupancy: Occupancy;
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

/** A thing may reach this far out of the bag's sides: bags bulge, and boxes overstate things. */
const MOST_PROTRUSION_MM = 25;

/** Packs a bag: its body, wadding, clothes and things, in any pose that fits. */
export function packBag(random: RandomStream): PackedBag {
  const body = random.chance(0.62)
    ? suitcase(random.substream('suitcase'))
    : random.chance(0.6)
      ? backpack(random.substream('backpack'))
      : softBag(random.substream('soft bag'));
  const objects: PlacedObject[] = body.models.map((model) => ({ model, pose: IDENTITY }));
  const occupancy = new Occupancy(body.length, body.width);
  const pack = (
    model: SolidModel,
    own: RandomStream,
    share: number,
    tries: number,
    mostProtrusionMm: number,
  ): void => {
    const pose = placeInside({ body, occupancy }, model, own, { share, tries, flatShare: 0.72 });
    // What the bag has no room for stays at home.
    if (protrusionMm(body, model, pose) > mostProtrusionMm) return;
    occupancy.add(model, pose);
    objects.push({ model, pose });
  };
  const clothes = random.substream('clothes');
  const room = Math.min(1.3, (body.length * body.width * body.height) / 2.2e7);
  // How full the bag is: some are nearly empty, some are crammed.
  const load = Math.pow(random.next(), 0.5);
  const wads = Math.round(clothes.range(1.2, 4) * Math.sqrt(load));
  for (let wad = 0; wad < wads; wad++) {
    const length = body.length * clothes.range(0.8, 1);
    const model = filling(clothes, length, body.width * clothes.range(0.85, 1));
    objects.push({ model, pose: translation(0, 0, clothes.range(-0.3, 0.3) * body.height) });
  }
  const garments = Math.round((3 + 13 * load) * Math.sqrt(room) * clothes.range(0.6, 1.2));
  for (let piece = 0; piece < garments; piece++) {
    const own = clothes.substream(piece);
    const most = Math.min(body.width * 0.48, 190);
    pack(own.chance(0.72) ? garment(own, most) : bundle(own), own, 0.96, 4, Infinity);
  }
  const things = random.substream('things');
  const count = Math.round((4 + 17 * things.next()) * Math.sqrt(Math.max(0.35, room)));
  let laptops = 0;
  for (let thing = 0; thing < count; thing++) {
    const own = things.substream(thing);
    const make = drawItem(own);
    if (make === laptop && ++laptops > 1) continue;
    const model = make(own);
    pack(model, own, 0.94, 6, MOST_PROTRUSION_MM);
  }
  return { body, objects, occupancy };
}

function drawItem(random: RandomStream): MakeItem {
  let at = random.next() * TOTAL_WEIGHT;
  for (const [weight, make] of ITEMS) {
    at -= weight;
    if (at < 0) return make;
  }
  return book;
}

export interface PlacingRules {
  /** Share of the bag's inner length and width that may be used. */
  readonly share: number;
  /** Poses that are tried; the one over the emptiest place is taken. */
  readonly tries: number;
  /** How often a thing lies flat; else it is tipped by any angle that the bag is high enough for. */
  readonly flatShare: number;
}

/** A pose inside the bag: along or across or askew, mostly lying flat. */
export function placeInside(
  bag: Pick<PackedBag, 'body' | 'occupancy'>,
  model: SolidModel,
  random: RandomStream,
  rules: PlacingRules,
): Affine {
  const cost = (pose: Affine): number =>
    bag.occupancy.loadUnder(model, pose) + protrusionMm(bag.body, model, pose) / 15;
  let best = drawPose(bag.body, model, random, rules);
  let leastCost = cost(best);
  for (let attempt = 1; attempt < rules.tries; attempt++) {
    const pose = drawPose(bag.body, model, random, rules);
    const poseCost = cost(pose);
    if (poseCost < leastCost) [best, leastCost] = [pose, poseCost];
  }
  return best;
}

/** How far an object reaches out of the bag's sides, mm. */
function protrusionMm(body: BagBody, model: SolidModel, pose: Affine): number {
  const [low, high] = model.bounds(pose);
  const x = Math.max(high[0], -low[0]) - body.length / 2;
  const y = Math.max(high[1], -low[1]) - body.width / 2;
  return Math.max(0, x) + Math.max(0, y);
}

function drawPose(
  body: BagBody,
  model: SolidModel,
  random: RandomStream,
  { share, flatShare }: PlacingRules,
): Affine {
  const isAligned = random.chance(0.55);
  const quarter = random.integer(0, 3) * (Math.PI / 2);
  const yaw = isAligned ? quarter + random.range(-0.15, 0.15) : random.range(0, 2 * Math.PI);
  const [low, high] = model.bounds();
  const isTipped = random.chance(1 - flatShare) && high[1] - low[1] < body.height;
  const isPitched = isTipped && random.chance(0.35) && high[0] - low[0] < body.height * 1.2;
  const tip = isTipped ? random.range(-1.57, 1.57) : random.range(-0.18, 0.18);
  const pitch = isPitched ? random.range(-1.3, 1.3) : random.range(-0.15, 0.15);
  const turn = chain(rotation('z', yaw), rotation('y', pitch), rotation('x', tip));
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
