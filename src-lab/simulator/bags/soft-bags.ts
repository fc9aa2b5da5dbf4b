import { chain, rotation, scaling, translation, type Vector } from '../geometry/affine';
import { closedPath, roundedBoxCuts, roundedRectangle, smoothPath } from '../geometry/outlines';
import { SolidModel } from '../geometry/solid-model';
import { addRivet, addZip, type ZipForm } from '../items/small-parts';
import type { RandomStream } from '../random-stream';
import type { BagBody } from './bag-body';

function randomZip(random: RandomStream): ZipForm {
  const isMetal = random.chance(0.3);
  return {
    teeth: isMetal ? random.pick(['brass', 'aluminium']) : random.pick(['nylon', 'pvc']),
    toothWidth: isMetal ? 4.2 : 5.4,
    pitch: isMetal ? 2.3 : 1.7,
    sliders: random.integer(1, 2),
    slider: random.pick(['steel', 'brass']),
  };
}

/** A backpack lying on its back: main and front pockets, straps, buckles, sometimes stays. */
export function backpack(random: RandomStream): BagBody {
  const length = random.range(390, 510);
  const width = random.range(270, 340);
  const height = random.range(110, 190);
  const cloth = new SolidModel('bag shell');
  const fabric = random.pick(['nylon', 'pvc', 'nylon-glass']);
  const fill = fabric === 'nylon' ? random.range(0.6, 1) : random.range(0.35, 0.6);

  const cuts = roundedBoxCuts(length, width, height, 80, 40);
  const inner = [length - 3, width - 3, height - 3] as const;
  cloth.box(fabric, [length, width, height], { fill, cuts });
  cloth.box(fabric, inner, { fill: -fill, cuts: roundedBoxCuts(...inner, 78.5, 38.5) });
  cloth.box('polyethylene', [length * 0.85, width * 0.8, 7], {
    at: translation(0, 0, -height / 2 + 6),
    fill: 0.15,
  });
  const pocket = translation(length * 0.14, 0, height / 2 + 8);
  const rim = roundedRectangle(length * 0.52, width * 0.82, 40, 4);
  const hollow = roundedRectangle(length * 0.52 - 5, width * 0.82 - 5, 38, 4);
  cloth.prism('nylon', [rim, hollow], 26, { at: pocket, fill: 0.7 });
  cloth.prism('nylon', [rim], 1.4, { at: chain(pocket, translation(0, 0, 13)), fill: 0.7 });

  const zips = new SolidModel('zip');
  const arch = (scale: number, z: number): Vector[] =>
    smoothPath(
      [
        [length * 0.3 * scale, -width * 0.48 * scale, z],
        [-length * 0.22 * scale, -width * 0.49 * scale, z],
        [-length * 0.44 * scale, -width * 0.3 * scale, z],
        [-length * 0.48 * scale, 0, z],
        [-length * 0.44 * scale, width * 0.3 * scale, z],
        [-length * 0.22 * scale, width * 0.49 * scale, z],
        [length * 0.3 * scale, width * 0.48 * scale, z],
      ],
      8,
    );
  addZip(zips, arch(1, height * 0.1), randomZip(random), random);
  if (random.chance(0.6)) addZip(zips, arch(0.94, height * 0.3), randomZip(random), random);
  const straight: Vector[] = [
    [-length * 0.08, -width * 0.36, height / 2 + 18],
    [-length * 0.09, width * 0.36, height / 2 + 18],
  ];
  addZip(zips, straight, randomZip(random), random);
  if (random.chance(0.5)) {
    const low = straight.map(([x, y, z]): Vector => [x + length * 0.17, y, z]);
    addZip(zips, low, randomZip(random), random);
  }

  const straps = new SolidModel('straps');
  for (const side of [-1, 1]) {
    const path = smoothPath(
      [
        [-length * 0.47, side * 45, -height / 2 - 4],
        [-length * 0.3, side * 75, -height / 2 - 12],
        [0, side * 95, -height / 2 - 14],
        [length * 0.25, side * 110, -height / 2 - 10],
      ],
      4,
    );
    straps.tube('polyethylene', path, 9, { fill: 0.12 });
    const web: Vector[] = [
      path[path.length - 1] ?? [0, 0, 0],
      [length * 0.46, side * 130, -height / 2],
    ];
    straps.tube('nylon', web, 3.5, { fill: 0.8 });
    addLadder(straps, length * 0.3, side * 112, -height / 2 - 10, random);
    addLadder(straps, -length * random.range(0.1, 0.3), side * width * 0.47, 0, random);
  }
  if (random.chance(0.3)) {
    for (const side of [-1, 1]) {
      const at = translation(0, side * 40, -height / 2 + 10);
      straps.box('aluminium', [length * 0.8, 18, 2.4], { at });
    }
  }
  const loop = smoothPath(
    [
      [-length * 0.48, -30, -height / 2 + 10],
      [-length * 0.56, 0, -height / 2 + 10],
      [-length * 0.48, 30, -height / 2 + 10],
    ],
    5,
  );
  straps.tube('nylon', loop, 4, { fill: 0.8 });
  return { kind: 'backpack', length, width, height, models: [cloth, zips, straps] };
}

/** A ladder buckle or side-release buckle of plastic. */
function addLadder(model: SolidModel, x: number, y: number, z: number, random: RandomStream): void {
  const at = chain(translation(x, y, z), rotation('z', random.range(-0.4, 0.4)));
  const outline = roundedRectangle(26, 34, 5, 2);
  const holes = [-6, 6].map((dx) =>
    roundedRectangle(6, 24, 2, 1).map(([hx, hy]) => [hx + dx, hy] as const),
  );
  model.prism('nylon-glass', [outline, ...holes], 4.5, { at });
}

/** A duffel, shopper or handbag: soft walls, a zip, handles with metal rings. */
export function softBag(random: RandomStream): BagBody {
  const length = random.range(320, 520);
  const width = random.range(220, 340);
  const height = random.range(90, 190);
  const cloth = new SolidModel('bag shell');
  const material = random.pick(['leather', 'nylon', 'cotton', 'pvc']);
  const fill = material === 'pvc' ? 0.5 : random.range(0.6, 1);
  const radii: Vector = [length / 2, width / 2, height / 2];
  const wall = random.range(1, 2.2);
  // A squashed box of round cross-section: what a soft bag is when it lies on the belt.
  const cuts = roundedBoxCuts(length, width, height, 70, height * 0.35);
  cloth.box(material, [length, width, height], { fill, cuts });
  const inner: Vector = [length - 2 * wall, width - 2 * wall, height - 2 * wall];
  cloth.box(material, inner, {
    fill: -fill,
    cuts: roundedBoxCuts(...inner, 70 - wall, height * 0.35 - wall),
  });
  const zips = new SolidModel('zip');
  const z = height * 0.2;
  const path = smoothPath(
    [
      [-radii[0] * 0.9, radii[1] * 0.1, z],
      [0, radii[1] * random.range(-0.2, 0.3), z + 6],
      [radii[0] * 0.9, radii[1] * 0.1, z],
    ],
    12,
  );
  addZip(zips, path, randomZip(random), random);

  const straps = new SolidModel('straps');
  const metal = random.pick(['brass', 'steel']);
  for (const side of [-1, 1]) {
    const handle = smoothPath(
      [
        [-radii[0] * 0.4, side * radii[1] * 0.8, height * 0.4],
        [-radii[0] * 0.3, side * (radii[1] + 30), height * 0.4],
        [0, side * (radii[1] + random.range(30, 70)), height * 0.3],
        [radii[0] * 0.3, side * (radii[1] + 30), height * 0.4],
        [radii[0] * 0.4, side * radii[1] * 0.8, height * 0.4],
      ],
      6,
    );
    straps.tube(random.pick(['leather', 'nylon']), handle, 4.5, { fill: 0.9 });
    for (const x of [-0.4, 0.4]) {
      const at = chain(
        translation(x * length * 0.5, side * radii[1] * 0.8, height * 0.4),
        rotation('x', random.range(-0.7, 0.7)),
        scaling(1, 1.2, 1),
      );
      straps.ring(metal, random.range(11, 17), random.range(1.6, 2.4), { at });
      addRivet(straps, chain(at, translation(0, -side * 22, 0)), 4.5, metal);
    }
  }
  const studs = random.integer(0, 10);
  for (let stud = 0; stud < studs; stud++) {
    const at = translation(
      random.range(-0.9, 0.9) * radii[0],
      random.range(-0.85, 0.85) * radii[1],
      height / 2,
    );
    addRivet(straps, at, random.range(3, 6), metal);
  }
  if (random.chance(0.3)) {
    const frame = closedPath(roundedRectangle(length * 0.8, 26, 10, 3), height * 0.35);
    straps.tube(metal, frame, 1.6);
  }
  return { kind: 'soft bag', length, width, height, models: [cloth, zips, straps] };
}
