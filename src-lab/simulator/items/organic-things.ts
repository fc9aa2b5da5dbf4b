import { chain, rotation, translation } from '../geometry/affine';
import { roundedRectangle } from '../geometry/outlines';
import { SolidModel } from '../geometry/solid-model';
import type { RandomStream } from '../random-stream';

export function book(random: RandomStream): SolidModel {
  const model = new SolidModel('book');
  const length = random.range(150, 280);
  const width = length * random.range(0.62, 0.75);
  const thickness = random.range(8, 38);
  model.box('paper', [length, width, thickness], { fill: random.range(0.8, 1.1) });
  // Coated paper carries chalk and kaolin, which raise its effective atomic number.
  const coating = random.chance(0.5) ? random.range(0.04, 0.12) : 0;
  model.box('glass', [length, width, thickness], { fill: coating });
  const isHard = random.chance(0.4);
  for (const side of [-1, 1]) {
    const at = translation(0, 0, side * (thickness / 2 + 1));
    if (isHard) model.box('paper', [length + 6, width + 5, 2.4], { at, fill: 1.2 });
  }
  if (random.chance(0.25)) {
    const rings = Math.round(length / 12);
    for (let ring = 0; ring < rings; ring++) {
      const x = (ring + 0.5 - rings / 2) * 12;
      const at = chain(translation(x, width / 2, 0), rotation('y', Math.PI / 2));
      model.ring('steel', thickness * 0.35 + 3, 0.6, { at });
    }
  }
  return model;
}

export function papers(random: RandomStream): SolidModel {
  const model = new SolidModel('papers');
  const sheets = random.integer(1, 4);
  for (let sheet = 0; sheet < sheets; sheet++) {
    const at = chain(
      translation(random.range(-20, 20), random.range(-15, 15), sheet * 3),
      rotation('z', random.range(-0.3, 0.3)),
    );
    model.box('paper', [random.range(200, 300), random.range(140, 212), random.range(0.6, 4)], {
      at,
    });
    model.box('steel', [9, 0.7, 0.7], { at: chain(at, translation(-80, 60, 1)) });
  }
  return model;
}

export function fruit(random: RandomStream): SolidModel {
  const model = new SolidModel('food');
  const count = random.integer(1, 4);
  for (let piece = 0; piece < count; piece++) {
    const radius = random.range(26, 42);
    const at = translation(piece * 62 - count * 31, random.range(-18, 18), 0);
    model.ellipsoid('water', [radius, radius * random.range(0.85, 1), radius * 0.95], {
      at,
      fill: 0.88,
    });
    model.ellipsoid('water', [radius * 0.22, radius * 0.2, radius * 0.3], { at, fill: -0.35 });
  }
  return model;
}

/** Food in a box, bag or bar: sugar, biscuits, powder, chocolate. */
export function packedFood(random: RandomStream): SolidModel {
  const model = new SolidModel('food');
  const size = [random.range(90, 220), random.range(60, 150), random.range(18, 60)] as const;
  const kind = random.pick(['biscuits', 'powder', 'bars', 'foil']);
  model.box('paper', size, { fill: 0.9 });
  model.box('paper', [size[0] - 1.6, size[1] - 1.6, size[2] - 1.6], { fill: -0.9 });
  if (kind === 'biscuits') {
    const rows = random.integer(2, 3);
    for (let row = 0; row < rows; row++) {
      const y = (row + 0.5 - rows / 2) * (size[1] / rows);
      const radius = Math.min(size[1] / rows, size[2]) * 0.46;
      const pieces = Math.floor(size[0] / 7);
      for (let piece = 0; piece < pieces; piece++) {
        const at = chain(
          translation((piece + 0.5 - pieces / 2) * 7, y, 0),
          rotation('y', Math.PI / 2 + random.range(-0.1, 0.1)),
        );
        model.cylinder('sugar', radius, 5.6, { at, fill: 0.5 });
      }
    }
  } else if (kind === 'powder') {
    model.box('sugar', [size[0] * 0.96, size[1] * 0.94, size[2] * 0.85], {
      fill: random.range(0.4, 0.65),
    });
  } else {
    const bars = random.integer(3, 7);
    for (let bar = 0; bar < bars; bar++) {
      const at = chain(
        translation(
          random.range(-8, 8),
          (bar + 0.5 - bars / 2) * (size[1] / bars) * 0.95,
          random.range(-0.2, 0.2) * size[2],
        ),
        rotation('z', random.range(-0.1, 0.1)),
      );
      model.box('sugar', [size[0] * 0.85, (size[1] / bars) * 0.8, 12], { at, fill: 0.75 });
      if (kind === 'foil')
        model.box('aluminium', [size[0] * 0.88, (size[1] / bars) * 0.9, 0.1], { at });
    }
  }
  return model;
}

/** A lunch box of plastic with food. */
export function lunchBox(random: RandomStream): SolidModel {
  const model = new SolidModel('food');
  const [length, width] = [random.range(140, 200), random.range(95, 130)];
  model.prism('polyethylene', [roundedRectangle(length, width, 18, 3)], 58);
  model.prism('polyethylene', [roundedRectangle(length - 3.2, width - 3.2, 17, 3)], 55, {
    fill: -1,
  });
  const pieces = random.integer(3, 7);
  for (let piece = 0; piece < pieces; piece++) {
    const at = translation(
      random.range(-0.32, 0.32) * length,
      random.range(-0.3, 0.3) * width,
      random.range(-10, 6),
    );
    model.ellipsoid('water', [random.range(14, 30), random.range(12, 26), random.range(9, 18)], {
      at,
      fill: 0.9,
    });
  }
  return model;
}

export function softToy(random: RandomStream): SolidModel {
  const model = new SolidModel('toy');
  const body = random.range(38, 60);
  const fill = random.range(0.06, 0.14);
  model.ellipsoid('cotton', [body, body * 0.8, body * 0.6], { fill });
  model.ellipsoid('cotton', [body * 0.62, body * 0.62, body * 0.5], {
    at: translation(body * 1.4, 0, 0),
    fill,
  });
  for (const [x, y] of [
    [0.7, 0.9],
    [0.7, -0.9],
    [-0.9, 0.7],
    [-0.9, -0.7],
  ] as const) {
    model.ellipsoid('cotton', [body * 0.5, body * 0.24, body * 0.24], {
      at: chain(translation(x * body, y * body, 0), rotation('z', y)),
      fill,
    });
  }
  for (const y of [-0.22, 0.22]) {
    model.ellipsoid('abs', [4, 4, 4], { at: translation(body * 1.75, y * body, body * 0.3) });
  }
  return model;
}

/** Soap, candles, make-up with mineral powders, creams, wooden boxes: dense organic blocks. */
export function block(random: RandomStream): SolidModel {
  const model = new SolidModel('toiletries');
  const outline = roundedRectangle(
    random.range(50, 110),
    random.range(35, 80),
    random.range(4, 20),
    4,
  );
  const thickness = random.range(15, 36);
  const base = random.pick(['sugar', 'polyethylene', 'water']);
  model.prism(base, [outline], thickness, { fill: random.range(0.6, 1) });
  if (random.chance(0.5)) {
    model.prism('glass', [outline], thickness, { fill: random.range(0.05, 0.25) });
  }
  return model;
}

/** A wallet or pouch: leather, cards, a few coins, a snap. */
export function wallet(random: RandomStream): SolidModel {
  const model = new SolidModel('wallet');
  model.prism(
    'leather',
    [roundedRectangle(random.range(100, 190), random.range(85, 105), 7, 3)],
    7,
  );
  const cards = random.integer(3, 8);
  for (let card = 0; card < cards; card++) {
    const at = translation(-18 + random.range(-3, 3), random.range(-8, 8), -4 + card);
    model.box('pvc', [85, 54, 0.76], { at });
    model.box('copper', [11, 9, 0.15], { at: chain(at, translation(-28, 4, 0)) });
  }
  const count = random.integer(0, 7);
  for (let coin = 0; coin < count; coin++) {
    const at = translation(random.range(10, 45), random.range(-25, 25), random.range(-3, 3));
    model.cylinder(random.pick(['copper', 'brass', 'steel']), random.range(8, 13), 1.9, { at });
  }
  model.pipe('brass', 6, 3, 2.5, { at: translation(20, 34, 4) });
  return model;
}
