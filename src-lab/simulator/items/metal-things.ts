import { chain, rotation, translation, type Vector } from '../geometry/affine';
import { ellipse, roundedRectangle } from '../geometry/outlines';
import type { Point } from '../geometry/prism';
import { SolidModel } from '../geometry/solid-model';
import type { RandomStream } from '../random-stream';
import { addBoard } from './electronics';
import { addCell, addScrew } from './small-parts';

export function keys(random: RandomStream): SolidModel {
  const model = new SolidModel('keys');
  model.ring('steel', 14, 1.1);
  const count = random.integer(2, 7);
  for (let key = 0; key < count; key++) {
    const at = chain(
      rotation('z', random.range(0, 6.28)),
      translation(14, 0, random.range(-4, 4)),
      rotation('x', random.range(-1.2, 1.2)),
    );
    const material = random.pick(['brass', 'steel', 'brass']);
    const bow = ellipse(11, 12, [10, 0], 14);
    model.prism(material, [bow, ellipse(3, 3, [3.5, 0], 8)], 2, { at });
    const length = random.range(24, 34);
    const blade: Point[] = [[20, -3.5]];
    for (let cut = 0; cut <= 8; cut++) blade.push([20 + (length * cut) / 8, -3.5]);
    blade.push([22 + length, 0]);
    for (let cut = 8; cut >= 0; cut--) blade.push([20 + (length * cut) / 8, random.range(1, 4)]);
    model.prism(material, [blade], 2, { at });
  }
  if (random.chance(0.3)) {
    const fob = translation(-26, 6, 0);
    model.box('abs', [34, 24, 11], { at: fob, fill: 0.6 });
    addBoard(model, fob, 26, 18, random);
    model.cylinder('steel', 9, 3, { at: fob });
  }
  return model;
}

export function coins(random: RandomStream): SolidModel {
  const model = new SolidModel('coins');
  const count = random.integer(2, 12);
  const spread = random.range(12, 60);
  for (let coin = 0; coin < count; coin++) {
    const at = chain(
      translation(random.normal() * spread, random.normal() * spread * 0.7, random.range(-8, 8)),
      rotation('z', random.range(0, 3.14)),
      rotation('x', random.chance(0.75) ? random.range(-0.4, 0.4) : random.range(0, 1.57)),
    );
    const radius = random.range(8, 14);
    model.cylinder(random.pick(['copper', 'brass', 'steel']), radius, random.range(1.4, 2.2), {
      at,
    });
  }
  return model;
}

/** A folded umbrella: shaft, ribs with stretchers, cloth, handle. */
export function umbrella(random: RandomStream): SolidModel {
  const model = new SolidModel('umbrella');
  const length = random.range(200, 300);
  const metal = random.pick(['steel', 'aluminium', 'steel']);
  const shaft = rotation('y', Math.PI / 2);
  model.pipe('steel', 5, 0.7, length, { at: shaft });
  model.pipe('steel', 3.8, 0.6, length * 0.9, { at: shaft });
  const spread = random.range(9, 20);
  for (let rib = 0; rib < 8; rib++) {
    const angle = (rib / 8) * 2 * Math.PI;
    const wobble = random.range(0.8, 1.2);
    const y = spread * wobble * Math.cos(angle);
    const z = spread * wobble * Math.sin(angle);
    for (const inset of [1, 0.72, 0.5]) {
      const path: Vector[] = [
        [-length * 0.48, y * 0.3, z * 0.3],
        [0, y * inset, z * inset],
        [length * 0.46 * inset, y * inset * 1.1, z * inset * 1.1],
      ];
      model.tube(metal, path, random.range(0.8, 1.3));
    }
  }
  model.cylinder('nylon', spread * 1.25, length * 0.92, { at: shaft, fill: 0.18 });
  const handle = chain(translation(-length / 2 - 28, 0, 0), shaft);
  model.cylinder('abs', 14, 56, { at: handle, fill: 0.7 });
  model.cylinder('steel', 3, 60, { at: handle });
  for (const x of [0.4, -0.1, -0.42]) {
    const runner = chain(translation(length * x, 0, 0), shaft);
    model.pipe('abs', 8.5, 3, 16, { at: runner });
    model.pipe('steel', 9, 0.8, 3, { at: runner });
  }
  return model;
}

export function glasses(random: RandomStream): SolidModel {
  const model = new SolidModel('glasses');
  const frame = random.pick(['steel', 'titanium', 'abs']);
  const bar = frame === 'abs' ? 2.4 : 0.9;
  for (const side of [-1, 1]) {
    const rim = ellipse(25, 19, [side * 34, 0], 20).map(([x, y]): Vector => [x, y, 0]);
    model.tube(frame, [...rim, ...rim.slice(0, 1)], bar);
    model.prism(random.pick(['glass', 'abs']), [ellipse(25, 19, [side * 34, 0], 18)], 2);
    const arm: Vector[] = [
      [side * 60, 4, 0],
      [side * 40, 6, 10],
      [-side * 45, 4 - side * 5, 12],
      [-side * 68, -10, 12],
    ];
    model.tube(frame, arm, bar * 1.1);
    model.box('steel', [5, 4, 4], { at: translation(side * 60, 4, 2) });
  }
  model.tube(
    frame,
    [
      [-9, 4, 0],
      [0, 7, 0],
      [9, 4, 0],
    ],
    bar,
  );
  if (random.chance(0.5)) {
    model.ellipsoid('abs', [84, 33, 24], { fill: 0.9 });
    model.ellipsoid('abs', [82, 31, 22], { fill: -0.9 });
    model.tube(
      'steel',
      [
        [-75, 31, 0],
        [75, 31, 0],
      ],
      1.2,
    );
  }
  return model;
}

export function watch(random: RandomStream): SolidModel {
  const model = new SolidModel('watch');
  const radius = random.range(15, 22);
  model.pipe('steel', radius, 2.5, 9);
  model.cylinder('brass', radius * 0.8, 3);
  model.cylinder('glass', radius * 0.9, 1.4, { at: translation(0, 0, 4) });
  const isMetal = random.chance(0.5);
  const links = 11;
  for (const side of [-1, 1]) {
    for (let link = 0; link < links; link++) {
      const bend = (link / links) * 2.4;
      const x = side * (radius + 3 + 32 * Math.sin(bend));
      const at = chain(translation(x, 0, -32 * (1 - Math.cos(bend))), rotation('y', side * bend));
      const size = [6.2, radius * 0.95, isMetal ? 3 : 2.4] as const;
      model.box(isMetal ? 'steel' : 'leather', size, { at, fill: isMetal ? 0.55 : 1 });
    }
  }
  model.cylinder('steel', 2.4, 5, {
    at: chain(translation(0, radius + 2, 0), rotation('x', Math.PI / 2)),
  });
  return model;
}

/** Tools that may be carried: a short screwdriver, pliers or a wrench, all under 18 cm. */
export function allowedTool(random: RandomStream): SolidModel {
  const model = new SolidModel('tool');
  const along = rotation('y', Math.PI / 2);
  const kind = random.pick(['screwdriver', 'pliers', 'wrench', 'bits']);
  if (kind === 'screwdriver') {
    const shaft = random.range(45, 80);
    model.cylinder('steel', random.range(1.6, 3), shaft + 30, {
      at: chain(translation(shaft / 2, 0, 0), along),
    });
    model.cylinder(random.pick(['abs', 'pvc']), [12, 14], 75, {
      at: chain(translation(-45, 0, 0), along),
    });
  } else if (kind === 'pliers') {
    for (const side of [-1, 1]) {
      const jaw: Vector[] = [
        [2, side * 2, 0],
        [22, side * 7, 0],
        [48, side * 2, 0],
      ];
      model.tube('steel', jaw, 4.2);
      const handle: Vector[] = [
        [0, -side * 3, 0],
        [-30, -side * 16, 0],
        [-95, -side * 20, 0],
      ];
      model.tube('steel', handle, 2.8);
      model.tube('pvc', handle.slice(1), 6, { fill: 0.7 });
    }
    model.cylinder('steel', 9, 10);
  } else if (kind === 'wrench') {
    const length = random.range(100, 165);
    model.box('steel', [length * 0.8, random.range(9, 14), 4.5]);
    for (const end of [-1, 1]) {
      const middle: Point = [(end * length) / 2, 0];
      const hole = ellipse(6, 6, [middle[0] + (end > 0 ? 3 : -2), 0], 6);
      model.prism('steel', [ellipse(13, 12, middle, 16), hole], 7);
    }
  } else {
    for (let bit = 0; bit < 10; bit++) {
      const at = chain(translation((bit - 4.5) * 9, 0, 0), rotation('x', Math.PI / 2));
      model.cylinder('steel', 3.1, 25, { at });
    }
    model.box('abs', [105, 32, 14], { fill: 0.5 });
  }
  return model;
}

/** Loose small things of metal: paper clips, pins, buckles, batteries, hair clips, a lighter. */
export function oddments(random: RandomStream): SolidModel {
  const model = new SolidModel('oddments');
  const count = random.integer(4, 12);
  for (let thing = 0; thing < count; thing++) {
    const at = chain(
      translation(random.range(-70, 70), random.range(-50, 50), random.range(-12, 12)),
      rotation('z', random.range(0, 6.28)),
      rotation('x', random.range(-1, 1)),
    );
    const kind = random.integer(0, 6);
    if (kind === 0) addCell(model, chain(at, rotation('y', Math.PI / 2)), 7.2, 50);
    else if (kind === 1) addScrew(model, at, random.range(8, 25), random.range(1.2, 2.4));
    else if (kind === 2) {
      const outline = roundedRectangle(26, 20, 4, 2).map(([x, y]): Vector => [x, y, 0]);
      model.tube('steel', [...outline, ...outline.slice(0, 1)], 1.6, { at });
    } else if (kind === 3) {
      model.tube(
        'steel',
        [
          [0, 0, 0],
          [45, 3, 0],
          [47, 6, 0],
          [4, 4, 0],
        ],
        0.7,
        { at },
      );
    } else if (kind === 4) {
      model.ring(random.pick(['brass', 'steel', 'aluminium']), random.range(7, 18), 1.5, { at });
    } else if (kind === 5) {
      model.box('abs', [78, 22, 10], { at, fill: 0.8 });
      model.box('steel', [14, 20, 9], { at: chain(at, translation(32, 0, 0)), fill: 0.3 });
    } else {
      model.box('aluminium', [random.range(20, 60), random.range(8, 25), 1], { at });
    }
  }
  return model;
}

/** A bead or metal chain: necklace, bag strap, key chain. */
export function necklace(random: RandomStream): SolidModel {
  const model = new SolidModel('jewellery');
  const beads = random.integer(35, 70);
  const material = random.pick(['brass', 'steel', 'glass', 'steel']);
  const radius = random.range(1.4, 3.4);
  const size = random.range(0.6, 1.2);
  for (let bead = 0; bead < beads; bead++) {
    const angle = (bead / beads) * 2 * Math.PI;
    const r = size * (45 + 14 * Math.sin(angle * 3) + 9 * Math.cos(angle * 5 + 1));
    const at = translation(r * Math.cos(angle), r * 0.7 * Math.sin(angle), 3 * Math.sin(angle * 4));
    model.ellipsoid(material, [radius, radius * 1.2, radius], { at });
  }
  return model;
}
