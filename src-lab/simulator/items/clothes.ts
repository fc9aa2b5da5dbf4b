import { chain, rotation, translation, type Vector } from '../geometry/affine';
import { smoothPath } from '../geometry/outlines';
import { SolidModel } from '../geometry/solid-model';
import type { RandomStream } from '../random-stream';
import { addRivet, addZip } from './small-parts';

/**
 * Folded garments, two to four layers of cloth with folds, hems, buttons, zips and rivets.
 * @param mostHalfWidth half of the greatest width in mm that the bag has room for
 */
export function garment(random: RandomStream, mostHalfWidth: number): SolidModel {
  const model = new SolidModel('clothes');
  const halfWidth = random.range(0.5, 1) * mostHalfWidth;
  const halfDepth = random.range(0.45, 0.8) * mostHalfWidth;
  const layers = random.integer(2, 4);
  const material = random.chance(0.75)
    ? 'cotton'
    : random.pick(['nylon', 'polyethylene', 'leather']);
  const fill = random.range(0.12, 0.3);
  for (let layer = 0; layer < layers; layer++) {
    const shrink = random.range(0.75, 1);
    model.sheet(
      material,
      {
        halfWidth: halfWidth * shrink,
        halfDepth: halfDepth * random.range(0.75, 1),
        thickness: random.range(5, 14),
        roughness: random.range(0.45, 1.1),
        texture: random.chance(0.85) ? 'folds' : 'soft',
        textureLength: [random.range(110, 330), random.range(110, 330)],
        textureOffset: [random.next(), random.next()],
        ...cloth(random),
        edgeSoftness: random.range(0.02, 0.25),
        edgeRoughness: random.range(0.02, 0.3),
      },
      {
        fill,
        at: chain(
          translation(random.range(-20, 20), random.range(-20, 20), (layer - layers / 2) * 8),
          rotation('z', random.range(-0.12, 0.12)),
        ),
      },
    );
  }
  addHems(model, random, halfWidth, halfDepth);
  if (random.chance(0.22)) addMetal(model, random, halfWidth, halfDepth);
  return model;
}

function addHems(model: SolidModel, random: RandomStream, width: number, depth: number): void {
  const hems = random.integer(1, 4);
  for (let hem = 0; hem < hems; hem++) {
    const y = random.range(-0.9, 0.9) * depth;
    const bend = random.range(-30, 30);
    const knots: Vector[] = [-0.85, -0.3, 0.3, 0.85].map((share): Vector => [
      share * width,
      y + random.range(-8, 8) + bend * share * share,
      random.range(-6, 6),
    ]);
    const path = smoothPath(knots, 3);
    const at = rotation('z', random.chance(0.6) ? 0 : Math.PI / 2);
    model.tube('cotton', path, random.range(0.9, 2.2), { fill: random.range(0.5, 0.9), at });
  }
}

function addMetal(model: SolidModel, random: RandomStream, width: number, depth: number): void {
  if (random.chance(0.5)) {
    const start: Vector = [random.range(-0.6, 0) * width, random.range(-0.5, 0.5) * depth, 0];
    const length = random.range(110, Math.min(260, width * 1.3));
    const path = smoothPath(
      [0, 0.35, 0.7, 1].map((share): Vector => [
        start[0] + share * length,
        start[1] + random.range(-14, 14),
        random.range(-4, 4),
      ]),
      6,
    );
    const isMetal = random.chance(0.6);
    addZip(
      model,
      path,
      {
        teeth: isMetal ? 'brass' : 'nylon',
        toothWidth: isMetal ? 3.4 : 4.4,
        pitch: isMetal ? 1.9 : 1.6,
        sliders: 1,
        slider: isMetal ? 'brass' : 'steel',
      },
      random,
    );
  }
  const studs = random.integer(2, 9);
  const material = random.pick(['brass', 'steel', 'nylon', 'aluminium']);
  for (let stud = 0; stud < studs; stud++) {
    const at = chain(
      translation(random.range(-0.7, 0.7) * width, random.range(-0.7, 0.7) * depth, 4),
      rotation('x', random.range(-0.8, 0.8)),
    );
    addRivet(model, at, random.range(3, 8), material);
  }
}

/** How the cloth of a garment is woven or knitted. */
function cloth(random: RandomStream): { grain: number; grainLength: number } {
  return { grain: random.range(0.25, 0.85), grainLength: random.range(220, 600) };
}

/** A rolled or bunched piece: socks, underwear, a scarf. */
export function bundle(random: RandomStream): SolidModel {
  const model = new SolidModel('clothes');
  const pieces = random.integer(2, 5);
  for (let piece = 0; piece < pieces; piece++) {
    const half = random.range(35, 80);
    model.sheet(
      'cotton',
      {
        halfWidth: half,
        halfDepth: half * random.range(0.5, 1),
        thickness: random.range(12, 36),
        roughness: random.range(0.3, 0.6),
        texture: 'folds',
        textureLength: [random.range(110, 230), random.range(110, 230)],
        textureOffset: [random.next(), random.next()],
        ...cloth(random),
        edgeSoftness: random.range(0.3, 0.9),
        edgeRoughness: random.range(0.1, 0.35),
      },
      {
        fill: random.range(0.15, 0.35),
        at: chain(
          translation(random.range(-60, 60), random.range(-40, 40), piece * 6),
          rotation('z', random.range(0, 3.14)),
        ),
      },
    );
  }
  return model;
}

/** Wadding over a whole bag: what lies loosely packed between the things one can name. */
export function filling(random: RandomStream, width: number, depth: number): SolidModel {
  const model = new SolidModel('clothes');
  model.sheet(
    'cotton',
    {
      halfWidth: width / 2,
      halfDepth: depth / 2,
      thickness: random.range(18, 44),
      roughness: random.range(0.5, 1),
      texture: 'folds',
      textureLength: [random.range(130, 330), random.range(130, 330)],
      textureOffset: [random.next(), random.next()],
      ...cloth(random),
      edgeSoftness: 0.25,
      edgeRoughness: random.range(0.05, 0.25),
    },
    { fill: random.range(0.12, 0.25) },
  );
  return model;
}

/** A belt: leather strap rolled up or laid in a curve, with a metal buckle and eyelets. */
export function belt(random: RandomStream): SolidModel {
  const model = new SolidModel('belt');
  const turns = random.range(1.5, 3);
  const radius = random.range(35, 60);
  const steps = Math.round(turns * 16);
  const width = random.range(25, 38);
  const isRolled = random.chance(0.6);
  const place = rotation('x', isRolled ? random.range(-0.5, 0.5) : 1.45);
  let previous: Vector | null = null;
  for (let step = 0; step <= steps; step++) {
    const angle = (step / 16) * 2 * Math.PI;
    const r = radius * (1 - 0.16 * (step / 16)) + random.range(-1.5, 1.5);
    const point: Vector = [r * Math.cos(angle), r * Math.sin(angle) * 0.8, 0];
    if (previous !== null) {
      const dx = point[0] - previous[0];
      const dy = point[1] - previous[1];
      const middle = translation((point[0] + previous[0]) / 2, (point[1] + previous[1]) / 2, 0);
      const at = chain(place, middle, rotation('z', Math.atan2(dy, dx)));
      model.box('leather', [Math.hypot(dx, dy) + 1, 3.4, width], { at });
    }
    previous = point;
  }
  const material = random.pick(['brass', 'steel', 'steel']);
  const buckle = chain(place, translation(radius + 4, 0, 0), rotation('x', Math.PI / 2));
  const w = width + 10;
  const frame: Vector[] = [
    [-w * 0.4, -w / 2, 0],
    [w * 0.4, -w / 2, 0],
    [w * 0.4, w / 2, 0],
    [-w * 0.4, w / 2, 0],
    [-w * 0.4, -w / 2, 0],
  ];
  model.tube(material, frame, random.range(1.8, 3), { at: buckle });
  model.tube(
    material,
    [
      [-w * 0.4, 0, 0],
      [w * 0.42, 0, 1.5],
    ],
    1.6,
    { at: buckle },
  );
  return model;
}
