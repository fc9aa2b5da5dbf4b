import { chain, rotation, translation } from '../geometry/affine';
import { roundedRectangle } from '../geometry/outlines';
import type { Point } from '../geometry/prism';
import { SolidModel } from '../geometry/solid-model';
import type { MaterialName } from '../physics/materials';
import type { RandomStream } from '../random-stream';

/** A bottle lying on its side, about z before it is laid: plastic, glass or steel, part full. */
export function bottle(random: RandomStream): SolidModel {
  const model = new SolidModel('bottle');
  const kind = random.pick(['plastic', 'plastic', 'glass', 'flask', 'can']);
  const radius = random.range(22, 38);
  const length = random.range(120, 240);
  const half = length / 2;
  const profile: Point[] =
    kind === 'can'
      ? [
          [-half * 0.6, radius * 0.8],
          [-half * 0.56, radius],
          [half * 0.52, radius],
          [half * 0.6, radius * 0.78],
        ]
      : [
          [-half, radius * 0.85],
          [-half * 0.94, radius],
          [half * 0.45, radius],
          [half * 0.7, radius * 0.55],
          [half * 0.76, radius * 0.4],
          [half, radius * 0.4],
        ];
  const walls: Record<typeof kind, readonly [MaterialName, number]> = {
    plastic: ['polyethylene', random.range(0.5, 1.4)],
    glass: ['glass', random.range(2, 3.2)],
    flask: ['steel', random.range(0.35, 0.6)],
    can: ['aluminium', 0.25],
  };
  const [wallMaterial, wall] = walls[kind];
  // Laid on its side, the bottle's own x points down: the surface of the liquid is a plane of x.
  const level = radius * random.range(-0.6, 1.1);
  const liquid =
    random.chance(0.85) || kind === 'can'
      ? { material: 'water' as const, level: { normal: [-1, 0, 0] as const, offset: level } }
      : null;
  const lay = chain(rotation('y', Math.PI / 2), rotation('z', Math.PI));
  model.vessel(wallMaterial, profile, wall, liquid, { at: lay });
  if (kind === 'flask') {
    const inner = profile.map(([z, r]): Point => [z * 0.96, Math.max(0.5, r - 6)]);
    model.vessel('steel', inner, 0.5, null, { at: lay });
  }
  if (kind !== 'can') {
    const cap = chain(lay, translation(0, 0, half - 4));
    model.pipe(kind === 'glass' ? 'aluminium' : 'polyethylene', radius * 0.46, 1.6, 18, {
      at: cap,
    });
  }
  return model;
}

/** A bag of toiletries: tubes, small bottles, a spray can, a razor, a toothbrush. */
export function toiletries(random: RandomStream): SolidModel {
  const model = new SolidModel('toiletries');
  const things = random.integer(4, 8);
  for (let thing = 0; thing < things; thing++) {
    const at = chain(
      translation(random.range(-75, 75), random.range(-45, 45), random.range(-18, 18)),
      rotation('z', random.chance(0.6) ? random.range(-0.2, 0.2) : random.range(0, 3.14)),
      rotation('y', Math.PI / 2),
    );
    const kind = random.integer(0, 5);
    if (kind === 0) addSprayCan(model, at, random);
    else if (kind === 1) addSqueezeTube(model, at, random);
    else if (kind === 2) addRazor(model, at);
    else if (kind === 3) addToothbrush(model, at);
    else addJar(model, at, random);
  }
  const outline = roundedRectangle(210, 130, 25);
  const inner = roundedRectangle(207, 127, 24);
  model.prism('pvc', [outline], 62, { fill: 0.7 });
  model.prism('pvc', [inner], 60.6, { fill: -0.7 });
  return model;
}

type Place = Parameters<SolidModel['join']>[1];

function addSprayCan(model: SolidModel, at: NonNullable<Place>, random: RandomStream): void {
  const radius = random.range(17, 26);
  const half = random.range(55, 85);
  const metal = random.chance(0.5) ? 'aluminium' : 'steel';
  const wall = metal === 'steel' ? 0.25 : 0.5;
  const profile: Point[] = [
    [-half, radius * 0.9],
    [-half + 3, radius],
    [half - 12, radius],
    [half, radius * 0.45],
  ];
  const level = { normal: [-1, 0, 0] as const, offset: radius * random.range(-0.5, 0.6) };
  model.vessel(metal, profile, wall, { material: 'water', fill: 0.85, level }, { at });
  model.tube(
    'polyethylene',
    [
      [0, 0, -half + 8],
      [2, 0, half - 6],
    ],
    1.8,
    { at },
  );
  model.pipe('polyethylene', radius * 0.9, 1.2, 26, { at: chain(at, translation(0, 0, half)) });
  model.cylinder(metal, radius * 0.4, 3, { at: chain(at, translation(0, 0, half)) });
}

function addSqueezeTube(model: SolidModel, at: NonNullable<Place>, random: RandomStream): void {
  const length = random.range(70, 150);
  const radius = random.range(13, 22);
  model.cylinder('water', [3, radius], length, { at, fill: random.range(0.9, 1.1) });
  // Toothpaste and sun cream carry silica, chalk or metal oxides.
  model.cylinder('glass', [3, radius], length, { at, fill: random.range(0, 0.25) });
  const cap = chain(at, translation(0, 0, length / 2 + 9));
  model.pipe('polyethylene', radius * 0.8, 1.8, 18, { at: cap });
}

function addJar(model: SolidModel, at: NonNullable<Place>, random: RandomStream): void {
  const radius = random.range(14, 28);
  const half = random.range(18, 55);
  const isGlass = random.chance(0.4);
  const profile: Point[] = [
    [-half, radius],
    [half * 0.7, radius],
    [half, radius * 0.6],
  ];
  const level = { normal: [-1, 0, 0] as const, offset: radius * random.range(-0.3, 1) };
  const wall = isGlass ? 2.6 : 1.2;
  const material = isGlass ? 'glass' : 'polyethylene';
  model.vessel(material, profile, wall, { material: 'water', level }, { at });
  const lid = chain(at, translation(0, 0, half + 5));
  model.pipe(random.pick(['abs', 'aluminium', 'polyethylene']), radius * 0.62, 1.5, 14, {
    at: lid,
  });
}

function addRazor(model: SolidModel, at: NonNullable<Place>): void {
  model.cylinder('abs', 5, 100, { at });
  const head = chain(at, translation(0, 0, 55));
  model.box('abs', [10, 40, 8], { at: head });
  for (const row of [-2, 0, 2]) {
    model.box('steel', [1.2, 36, 0.25], { at: chain(head, translation(row, 0, 3)) });
  }
}

function addToothbrush(model: SolidModel, at: NonNullable<Place>): void {
  model.tube(
    'polyethylene',
    [
      [0, 0, -90],
      [2, 0, 0],
      [0, 0, 75],
    ],
    4,
    { at },
  );
  model.box('nylon', [12, 9, 26], { at: chain(at, translation(6, 0, 80)), fill: 0.4 });
}

/** A tin of food or drink, standing or lying. */
export function tin(random: RandomStream): SolidModel {
  const model = new SolidModel('tin');
  const radius = random.range(26, 45);
  const half = random.range(15, 55);
  const lay = random.chance(0.7) ? rotation('y', Math.PI / 2) : rotation('y', 0);
  model.pipe('steel', radius, 0.22, half * 2, { at: lay });
  model.cylinder('water', radius - 0.3, half * 1.9, { at: lay, fill: 1.05 });
  for (const end of [-1, 1]) {
    model.cylinder('steel', radius, 0.25, { at: chain(lay, translation(0, 0, end * half)) });
    const rim = chain(lay, translation(0, 0, end * half));
    model.pipe('steel', radius + 1, 1.2, 3, { at: rim });
  }
  return model;
}
