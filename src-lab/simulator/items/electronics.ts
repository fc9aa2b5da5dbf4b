import { chain, rotation, translation, type Affine, type Vector } from '../geometry/affine';
import { roundedRectangle } from '../geometry/outlines';
import { SolidModel } from '../geometry/solid-model';
import type { RandomStream } from '../random-stream';
import { addCable, addCell, addScrew, coilKnots } from './small-parts';

/** A populated circuit board in the xy plane: laminate, copper planes, chips, coils, connectors. */
export function addBoard(
  model: SolidModel,
  at: Affine,
  length: number,
  width: number,
  random: RandomStream,
): void {
  model.box('circuit-board', [length, width, 1.2], { at });
  model.box('copper', [length * 0.97, width * 0.95, 0.1], { at });
  const parts = Math.round(Math.min(46, 8 + (length * width) / 380));
  for (let part = 0; part < parts; part++) {
    const x = random.range(-0.46, 0.46) * length;
    const y = random.range(-0.44, 0.44) * width;
    const place = chain(at, translation(x, y, random.range(0.8, 2)));
    const kind = random.integer(0, 7);
    if (kind <= 3) {
      const side = random.range(2, Math.min(15, width / 3));
      model.box('glass', [side, side * random.range(0.5, 1), 1], { at: place, fill: 0.9 });
      model.box('copper', [side * 0.6, side * 0.5, 0.25], { at: place });
    } else if (kind <= 5) {
      model.box('copper', [random.range(1.5, 5), random.range(1, 3), 1.2], {
        at: place,
        fill: 0.6,
      });
    } else if (kind === 6) {
      model.cylinder('aluminium', random.range(2, 5), random.range(4, 9), { at: place });
    } else {
      model.box('brass', [random.range(4, 14), random.range(3, 6), 2.5], { at: place, fill: 0.35 });
    }
  }
}

export function laptop(random: RandomStream): SolidModel {
  const model = new SolidModel('laptop');
  const length = random.range(290, 370);
  const width = length * random.range(0.64, 0.7);
  const isMetal = random.chance(0.5);
  const shell = isMetal ? 'aluminium' : 'abs';
  const wall = isMetal ? 0.8 : 1.6;
  for (const z of [-9, -3, 3, 9]) {
    model.box(shell, [length, width, wall], { at: translation(0, 0, z) });
  }
  const panel = translation(0, 4, 6);
  model.box('glass', [length * 0.94, width * 0.88, 1.2], { at: panel });
  model.box('aluminium', [length * 0.94, width * 0.88, 0.25], { at: panel });
  const cells = random.integer(3, 6);
  const cellLength = (length * 0.86) / cells;
  for (let cell = 0; cell < cells; cell++) {
    const x = (cell - (cells - 1) / 2) * cellLength;
    const at = translation(x, -width * 0.28, -6);
    model.box('lithium-ion', [cellLength - 3, width * 0.3, 4.2], { at });
  }
  const board = translation(-length * 0.06, width * 0.2, -6);
  addBoard(model, board, length * 0.72, width * 0.36, random);
  const sink = translation(length * 0.1, width * 0.3, -5);
  model.box('copper', [length * 0.34, 8, 1.6], { at: sink });
  const fan = translation(length * 0.36, width * 0.24, -6);
  model.ring('abs', 24, 2, { at: fan });
  model.cylinder('steel', 8, 3, { at: fan });
  for (let fin = 0; fin < 14; fin++) {
    const at = chain(fan, translation(-20 + fin * 3, 27, 0));
    model.box('copper', [0.6, 8, 6], { at });
  }
  if (random.chance(0.4)) {
    const drive = translation(length * 0.3, -width * 0.25, -6);
    model.box('aluminium', [100, 69, 5], { at: drive });
    model.cylinder('steel', 12, 5, { at: drive });
    model.cylinder('aluminium', 32, 1, { at: drive });
  }
  addKeyboard(model, translation(0, -width * 0.02, 0), length * 0.84, width * 0.4);
  for (const side of [-1, 1]) {
    const hinge = chain(
      translation(side * length * 0.36, width * 0.48, 1),
      rotation('y', Math.PI / 2),
    );
    model.cylinder('steel', 3, 34, { at: hinge });
    for (const y of [-0.46, 0, 0.46]) {
      addScrew(model, translation(side * length * 0.47, y * width, -9), 5, 1.2);
    }
  }
  return model;
}

function addKeyboard(model: SolidModel, at: Affine, length: number, width: number): void {
  model.box('steel', [length, width, 0.35], { at });
  const pitch = length / 14;
  for (let row = 0; row < 5; row++) {
    for (let key = 0; key < 14; key++) {
      const place = translation((key - 6.5) * pitch, (row - 2) * (width / 5), 2);
      model.box('abs', [pitch * 0.8, width / 6.4, 1.4], { at: chain(at, place) });
    }
  }
}

export function phone(random: RandomStream): SolidModel {
  const model = new SolidModel('phone');
  const length = random.range(130, 165);
  const width = length * 0.48;
  const outline = roundedRectangle(length, width, 10, 4);
  const inner = roundedRectangle(length - 5, width - 5, 8, 4);
  model.prism('aluminium', [outline, inner], 7.5);
  model.prism('glass', [outline], 0.8, { at: translation(0, 0, 3.6) });
  model.prism(random.pick(['glass', 'abs']), [outline], 0.8, { at: translation(0, 0, -3.6) });
  model.box('lithium-ion', [length * 0.56, width * 0.6, 4], {
    at: translation(-length * 0.12, width * 0.12, 0),
  });
  addBoard(model, translation(length * 0.32, 0, 0), length * 0.3, width * 0.85, random);
  addBoard(
    model,
    translation(-length * 0.08, -width * 0.34, 0),
    length * 0.6,
    width * 0.18,
    random,
  );
  for (const y of [-0.2, 0.2]) {
    model.cylinder('steel', 4.5, 4, { at: translation(length * 0.42, width * y, -1) });
  }
  return model;
}

/** A charger with its transformer or board, plug pins, and a coiled cable. */
export function charger(random: RandomStream): SolidModel {
  const model = new SolidModel('charger');
  const isBrick = random.chance(0.5);
  const [length, width, height] = isBrick
    ? [random.range(80, 115), random.range(40, 55), 28]
    : [random.range(42, 60), random.range(32, 45), 30];
  model.box('abs', [length, width, height]);
  model.box('abs', [length - 4, width - 4, height - 4], { fill: -1 });
  addBoard(model, translation(0, 0, -6), length * 0.85, width * 0.8, random);
  const coil = translation(length * random.range(-0.2, 0.2), 0, 0);
  model.box('steel', [20, 18, 16], { at: coil, fill: 0.22 });
  model.pipe('copper', 9, 4, 15, { at: coil, fill: 0.35 });
  const can = chain(translation(length * 0.3, width * 0.2, 0), rotation('x', Math.PI / 2));
  model.cylinder('aluminium', 7, 20, { at: can });
  for (const side of [-1, 1]) {
    const pin = chain(translation(length / 2 + 9, side * 6, 0), rotation('y', Math.PI / 2));
    model.cylinder('brass', 2.2, 19, { at: pin });
  }
  const coilPlace = translation(-length / 2 - 38, random.range(-15, 15), 0);
  const radius = random.range(1.5, 2.6);
  const knots = coilKnots(random, random.range(28, 46), random.range(2.5, 5), 0.12);
  addCable(model, knots, radius, { at: coilPlace, stepsPerKnot: 3 });
  const tip = chain(coilPlace, translation(...(knots[knots.length - 1] ?? [0, 0, 0])));
  model.box('steel', [12, 8, 4], { at: tip, fill: 0.6 });
  model.box('abs', [16, 11, 7], { at: chain(tip, translation(-12, 0, 0)) });
  return model;
}

/** Cables alone, in a coil or strewn. */
export function cables(random: RandomStream): SolidModel {
  const model = new SolidModel('cable');
  const isCoil = random.chance(0.55);
  const knots = isCoil
    ? coilKnots(random, random.range(30, 60), random.range(3, 7), 0.2)
    : Array.from({ length: 12 }, (): Vector => [
        random.range(-110, 110),
        random.range(-70, 70),
        random.range(-20, 20),
      ]);
  addCable(model, knots, random.range(1.1, 2.6), { stepsPerKnot: isCoil ? 3 : 7 });
  for (const end of [knots[0], knots[knots.length - 1]]) {
    if (end === undefined) continue;
    const at = chain(translation(...end), rotation('z', random.range(0, 6.28)));
    model.box('abs', [20, 12, 7], { at });
    model.box('steel', [14, 11, 4], { at: chain(at, translation(15, 0, 0)), fill: 0.5 });
    model.box('brass', [10, 7, 0.6], { at: chain(at, translation(12, 0, 0)) });
  }
  return model;
}

export function headphones(random: RandomStream): SolidModel {
  const model = new SolidModel('headphones');
  const radius = random.range(70, 85);
  const band = Array.from({ length: 15 }, (_, k): Vector => {
    const angle = (Math.PI * k) / 14;
    return [radius * Math.cos(angle), radius * 1.1 * Math.sin(angle), 0];
  });
  model.tube('steel', band, 1.3);
  model.tube('abs', band, 6, { fill: 0.6 });
  for (const side of [-1, 1]) {
    const at = chain(
      translation(side * radius, -12, 0),
      rotation('y', random.range(0.2, 1.4) * side),
    );
    model.pipe('abs', 36, 2.5, 26, { at });
    model.cylinder('steel', 13, 3, { at });
    model.cylinder('copper', 11, 4, { at, fill: 0.2 });
    model.pipe('polyethylene', 38, 13, 16, { at, fill: 0.2 });
    addBoard(model, chain(at, translation(0, 0, 8)), 30, 22, random);
  }
  const knots = Array.from({ length: 9 }, (_, k): Vector => [
    -radius + k * 14 + random.range(-20, 20),
    -50 - random.range(0, 45),
    random.range(-8, 8),
  ]);
  addCable(model, knots, 1.1);
  return model;
}

export function camera(random: RandomStream): SolidModel {
  const model = new SolidModel('camera');
  const length = random.range(105, 140);
  const width = length * 0.68;
  model.box('aluminium', [length, width, 50]);
  model.box('aluminium', [length - 3.5, width - 3.5, 46.5], { fill: -1 });
  addBoard(model, translation(0, 0, -14), length * 0.8, width * 0.8, random);
  addBoard(model, translation(0, 8, 6), length * 0.6, width * 0.4, random);
  model.box('lithium-ion', [18, width * 0.7, 36], { at: translation(-length * 0.38, 0, 0) });
  const lens = translation(length * 0.08, -4, 55);
  model.pipe('aluminium', 34, 3, 62, { at: lens });
  model.pipe('brass', 30, 1.2, 30, { at: lens });
  for (const z of [-22, -8, 6, 22]) {
    const glass = chain(lens, translation(0, 0, z));
    const cap = { normal: [0, 0, -1] as const, offset: -0.8 };
    const at = chain(glass, translation(0, 0, -36));
    model.ellipsoid('glass', [42, 42, 42], { at, cuts: [cap] });
  }
  addScrew(model, translation(20, -width / 2, 0), 6, 3);
  return model;
}

export function hairDryer(random: RandomStream): SolidModel {
  const model = new SolidModel('hair dryer');
  const barrel = rotation('y', Math.PI / 2);
  const length = random.range(150, 200);
  model.pipe('abs', 38, 2.6, length, { at: barrel });
  const handle = chain(translation(-length * 0.2, -78, 0), rotation('x', Math.PI / 2));
  model.pipe('abs', 18, 2.6, 110, { at: handle });
  const motor = chain(translation(-length * 0.25, 0, 0), barrel);
  model.pipe('steel', 17, 2, 34, { at: motor });
  model.cylinder('copper', 11, 28, { at: motor, fill: 0.45 });
  model.cylinder('steel', 1.6, 60, { at: motor });
  for (let turn = 0; turn < 9; turn++) {
    const at = chain(translation(length * 0.02 + turn * 6, 0, 0), barrel);
    model.ring('steel', 24, 0.6, { at });
  }
  model.box('paper', [62, 56, 0.9], { at: translation(length * 0.2, 0, 0) });
  addCable(model, coilKnots(random, 45, 3.5, 0.1), 3, {
    at: translation(-length * 0.1, -150, 0),
    stepsPerKnot: 3,
  });
  return model;
}

export function powerBank(random: RandomStream): SolidModel {
  const model = new SolidModel('power bank');
  const cells = random.integer(2, 4);
  const width = cells * 19 + 8;
  const outline = roundedRectangle(112, width, 8, 3);
  model.prism(
    random.pick(['abs', 'aluminium']),
    [outline, roundedRectangle(109, width - 3, 7, 3)],
    23,
  );
  for (let cell = 0; cell < cells; cell++) {
    const y = (cell - (cells - 1) / 2) * 19;
    addCell(model, chain(translation(-12, y, 0), rotation('y', Math.PI / 2)), 9, 65);
  }
  addBoard(model, translation(38, 0, 0), 24, width * 0.85, random);
  return model;
}

/** A toothbrush, torch, shaver or toy car: a plastic body with a motor and cells. */
export function gadget(random: RandomStream): SolidModel {
  const model = new SolidModel('toy');
  const length = random.range(70, 150);
  const width = random.range(28, 60);
  const outline = roundedRectangle(length, width, width * 0.3, 4);
  model.prism('abs', [outline], 30);
  model.prism('abs', [roundedRectangle(length - 4, width - 4, width * 0.28, 4)], 26, { fill: -1 });
  const lie = rotation('y', Math.PI / 2);
  const cells = random.integer(1, 3);
  for (let cell = 0; cell < cells; cell++) {
    addCell(
      model,
      chain(translation(-length * 0.15, (cell - (cells - 1) / 2) * 15, 0), lie),
      7,
      50,
    );
  }
  const motor = chain(translation(length * 0.3, 0, 0), lie);
  model.pipe('steel', 11, 1.2, 25, { at: motor });
  model.cylinder('copper', 7, 20, { at: motor, fill: 0.5 });
  addBoard(model, translation(length * 0.1, 0, 9), length * 0.4, width * 0.5, random);
  if (random.chance(0.5)) {
    for (const x of [-0.32, 0.32]) {
      for (const side of [-1, 1]) {
        const at = chain(
          translation(x * length, side * width * 0.55, -10),
          rotation('x', Math.PI / 2),
        );
        model.pipe('rubber', 13, 6, 10, { at });
      }
      const axle = chain(translation(x * length, 0, -10), rotation('x', Math.PI / 2));
      model.cylinder('steel', 1.4, width * 1.1, { at: axle });
    }
  }
  for (let screw = 0; screw < 4; screw++) {
    const at = translation(random.range(-0.4, 0.4) * length, random.range(-0.4, 0.4) * width, 10);
    addScrew(model, at, 10, 1.3);
  }
  return model;
}
