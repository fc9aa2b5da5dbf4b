import { chain, rotation, translation, type Affine } from '../geometry/affine';
import { ellipse, roundedRectangle, smoothPath } from '../geometry/outlines';
import { SolidModel } from '../geometry/solid-model';
import type { MaterialName } from '../physics/materials';
import type { RandomStream } from '../random-stream';
import { addRivet, addScrew } from '../items/small-parts';

/** Outer size of a suitcase in mm. */
export interface CaseForm {
  readonly length: number;
  readonly width: number;
  readonly height: number;
  readonly corner: number;
  readonly isHard: boolean;
}

/** Telescopic rods with their handle: nested tubes of aluminium or steel, guides, springs, screws. */
export function trolley(form: CaseForm, random: RandomStream): SolidModel {
  const model = new SolidModel('trolley');
  const { length, width, height } = form;
  const gap = width * random.range(0.16, 0.24);
  const z = -height / 2 + 16;
  const material: MaterialName = random.chance(0.42) ? 'aluminium' : 'steel';
  const reach = length * random.range(0.62, 0.82);
  const side = random.range(15, 22);
  const isRound = random.chance(0.3);
  const startX = -length / 2 + 8;
  for (const y of [-gap, gap]) {
    const bar = (size: number, wall: number, from: number, to: number): void => {
      const at = chain(translation((from + to) / 2, y, z), rotation('y', Math.PI / 2));
      if (isRound) model.pipe(material, size / 2, wall, to - from, { at });
      else {
        const [outerSize, innerSize] = [size, size - 2 * wall];
        model.box(material, [outerSize * 0.7, outerSize, to - from], { at });
        const hollow = [outerSize * 0.7 - 2 * wall, innerSize, to - from] as const;
        model.box(material, hollow, { at, fill: -1 });
      }
    };
    const wall = material === 'steel' ? random.range(0.35, 0.7) : random.range(1.3, 2.2);
    bar(side, wall, startX, startX + reach);
    bar(side - 3.2, wall * 0.9, startX - 10, startX + reach * random.range(0.6, 0.98));
    if (random.chance(0.5)) bar(side - 6.2, wall * 0.8, startX - 12, startX + reach * 0.6);
    model.cylinder('steel', 1, reach * 0.5, {
      at: chain(translation(startX + reach * 0.35, y, z), rotation('y', Math.PI / 2)),
    });
    const foot = translation(startX + reach, y, z);
    model.box('nylon-glass', [30, side + 12, 20], { at: foot });
    model.box('nylon-glass', [44, side + 14, 22], {
      at: translation(startX + 16, y, z),
      fill: 0.7,
    });
    for (const x of [startX + reach - 8, startX + reach + 9, startX + 20]) {
      for (const dy of [-side / 2 - 3, side / 2 + 3]) {
        addScrew(model, translation(x, y + dy, z + 10), 14, 1.8);
      }
    }
    model.cylinder('steel', 2.6, 9, { at: translation(startX + reach * 0.3, y, z) });
  }
  const handle = chain(translation(-length / 2 - 12, 0, z), rotation('x', Math.PI / 2));
  model.cylinder('nylon-glass', 12, gap * 2 + 26, { at: handle, fill: 0.75 });
  model.tube(
    'steel',
    [
      [-length / 2 - 12, -gap, z],
      [-length / 2 - 12, gap, z],
    ],
    1.4,
  );
  const button = translation(-length / 2 - 12, 0, z);
  model.box('abs', [16, 34, 16], { at: button });
  for (let turn = 0; turn < 6; turn++) {
    const at = chain(button, translation(0, -10 + turn * 3.5, 0), rotation('x', Math.PI / 2));
    model.ring('steel', 4, 0.6, { at });
  }
  return model;
}

/** Wheels at the foot: four spinners in pairs or two plain ones, with forks, axles and plates. */
export function wheels(form: CaseForm, random: RandomStream): SolidModel {
  const model = new SolidModel('wheels');
  const { length, width, height } = form;
  const isSpinner = random.chance(0.6);
  const radius = isSpinner ? random.range(20, 27) : random.range(26, 34);
  const end = length / 2;
  const tread: MaterialName = random.pick(['pvc', 'rubber', 'pvc']);
  const turn = random.range(0, 6.28);
  for (const side of [-1, 1]) {
    for (const level of isSpinner ? [-1, 1] : [-1]) {
      const hub: Affine = chain(
        translation(end + radius * 0.9, side * (width / 2 - 42), level * (height / 2 - 34)),
        rotation('x', isSpinner ? turn + side + level : Math.PI / 2),
      );
      const twins = isSpinner ? [-10, 10] : [0];
      for (const twin of twins) {
        const wheel = chain(hub, translation(0, 0, twin));
        const tyre = isSpinner ? 11 : 20;
        model.pipe(tread, radius, radius * 0.34, tyre, { at: wheel });
        model.pipe('nylon-glass', radius * 0.66, radius * 0.4, tyre * 0.8, { at: wheel });
        model.pipe('steel', radius * 0.26, 2.4, 6, { at: wheel });
      }
      model.cylinder('steel', 2.1, isSpinner ? 34 : 42, { at: hub });
      const fork = chain(hub, translation(-radius * 0.9, 0, 0));
      model.box('nylon-glass', [radius * 1.1, radius * 1.3, 8], { at: fork });
      if (isSpinner) {
        const pivot = chain(
          translation(end + 2, side * (width / 2 - 42), level * (height / 2 - 34)),
          rotation('y', Math.PI / 2),
        );
        model.cylinder('steel', 3.4, 24, { at: pivot });
        model.pipe('steel', 10, 2, 4, { at: pivot });
      }
      const base = translation(end - 14, side * (width / 2 - 42), level * (height / 2 - 34));
      const plate = roundedRectangle(62, 60, 14, 3);
      model.prism('nylon-glass', [plate, ellipse(12)], 5, {
        at: chain(base, translation(0, 0, -level * 14)),
      });
      for (const x of [-20, 18]) {
        for (const y of [-20, 20]) {
          const tilt = chain(
            base,
            translation(x, y, -level * 12),
            rotation('x', level > 0 ? Math.PI : 0),
          );
          addScrew(
            model,
            chain(tilt, rotation('y', random.range(-0.5, 0.5))),
            random.range(13, 20),
            2,
          );
        }
      }
    }
  }
  return model;
}

/** Carrying handles on top and at the side: a core of steel or PVC, a soft grip, riveted ends. */
export function grips(form: CaseForm, random: RandomStream): SolidModel {
  const model = new SolidModel('handle');
  const { length, width, height } = form;
  const core: MaterialName = random.pick(['pvc', 'steel', 'polyethylene']);
  const places = [
    translation(-length / 2 - 6, 0, height * 0.2),
    chain(translation(0, width / 2 + 6, height * 0.15), rotation('z', -Math.PI / 2)),
  ];
  for (const place of places) {
    const span = random.range(80, 115);
    const path = smoothPath(
      [
        [4, -span, 0],
        [-10, -span * 0.72, 2],
        [-15, 0, 3],
        [-10, span * 0.72, 2],
        [4, span, 0],
      ],
      4,
    );
    model.tube('pvc', path, 6.5, { at: place, fill: 0.75 });
    model.tube(core, path, core === 'steel' ? 1.6 : 4, { at: place });
    for (const y of [-span, span]) {
      const anchor = chain(place, translation(6, y, 0));
      model.box('nylon-glass', [22, 28, 12], { at: anchor });
      addRivet(model, chain(anchor, translation(0, 5, 0), rotation('y', 1.57)), 5, 'steel');
      addRivet(model, chain(anchor, translation(0, -7, 0), rotation('y', 1.57)), 4, 'steel');
    }
  }
  return model;
}

/** Screws, rivets, corner feet, a lock, hinges, rings of the inner straps. */
export function fittings(form: CaseForm, random: RandomStream): SolidModel {
  const model = new SolidModel('fittings');
  const { length, width, height, corner } = form;
  const screws = random.integer(14, 40);
  for (let screw = 0; screw < screws; screw++) {
    const isAtEdge = random.chance(0.7);
    const x = (isAtEdge ? random.pick([-0.46, 0.46, -0.42]) : random.range(-0.4, 0.4)) * length;
    const y = random.range(-0.44, 0.44) * width;
    const at = chain(
      translation(x, y, random.pick([-1, 1]) * (height / 2 - 6)),
      rotation('x', random.range(-0.5, 0.5)),
      rotation('y', random.range(-0.5, 0.5)),
    );
    if (random.chance(0.55)) addScrew(model, at, random.range(8, 16), random.range(1.4, 2.2));
    else addRivet(model, at, random.range(3.5, 6), random.pick(['steel', 'aluminium', 'steel']));
  }
  for (const sx of [-1, 1]) {
    for (const sy of [-1, 1]) {
      if (!random.chance(0.6)) continue;
      const at = translation(
        sx * (length / 2 - corner * 0.5),
        sy * (width / 2 - corner * 0.5),
        -height / 2,
      );
      model.cylinder('pvc', [14, 9], 9, { at });
      addScrew(model, at, 12, 1.8);
    }
  }
  if (random.chance(0.7)) {
    const at = translation(length * random.range(-0.2, 0.2), -width / 2 - 3, 0);
    model.box('nylon-glass', [62, 12, 30], { at });
    model.box('brass', [34, 7, 14], { at, fill: 0.6 });
    for (const x of [-20, -13, -6]) {
      const dial = chain(at, translation(x, -4, 0), rotation('y', Math.PI / 2));
      model.pipe('brass', 6, 2.5, 4.5, { at: dial });
    }
  }
  for (let strap = 0; strap < 4; strap++) {
    if (!random.chance(0.7)) continue;
    const at = chain(
      translation(
        random.range(-0.25, 0.25) * length,
        random.range(-0.3, 0.3) * width,
        height * 0.1,
      ),
      rotation('z', random.range(0, 3.14)),
    );
    model.box('nylon', [random.range(120, 200), 24, 1.4], { at, fill: 0.7 });
    const outline = roundedRectangle(32, 20, 4, 2).map(([x, y]) => [x, y, 1] as const);
    const material = random.pick(['steel', 'nylon-glass', 'steel']);
    model.tube(material, [...outline, ...outline.slice(0, 1)], material === 'steel' ? 1.5 : 3, {
      at,
    });
  }
  return model;
}
