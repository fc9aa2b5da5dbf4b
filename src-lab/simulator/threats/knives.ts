import { chain, IDENTITY, rotation, translation, type Affine } from '../geometry/affine';
import { roundedRectangle } from '../geometry/outlines';
import type { Point } from '../geometry/prism';
import type { HalfSpace } from '../geometry/shape';
import { SolidModel } from '../geometry/solid-model';
import { addScrew } from '../items/small-parts';
import type { MaterialName } from '../physics/materials';
import type { RandomStream } from '../random-stream';

/** A kitchen, folding or fixed-blade knife or a dagger: blade along x, its flat facing z. */
export function knife(random: RandomStream): SolidModel {
  const kind = random.pick(['kitchen', 'kitchen', 'folding', 'folding', 'dagger', 'fixed']);
  if (kind === 'folding') return foldingKnife(random);
  if (kind === 'dagger') return dagger(random);
  return fixedKnife(random, kind === 'kitchen');
}

/** Both faces of a wedge: thickness grows from 0 at y = edge to full over `height`, towards ±y. */
function bevel(thickness: number, edge: number, height: number): HalfSpace[] {
  const slope = thickness / 2 / height;
  const towards = edge < 0 ? 1 : -1;
  return [-1, 1].map((side): HalfSpace => ({
    normal: [0, -slope * towards, side],
    offset: -slope * towards * edge,
  }));
}

/** Adds a one-edged blade from x = 0 to its length, the edge down. */
function addBlade(
  model: SolidModel,
  material: MaterialName,
  form: { length: number; width: number; thickness: number; dropPoint: number; grind: number },
  at: Affine = IDENTITY,
): void {
  const { length, width, thickness, dropPoint, grind } = form;
  const half = width / 2;
  const outline: Point[] = [
    [0, half],
    [0, -half],
  ];
  for (let step = 1; step <= 6; step++) {
    const share = step / 6;
    const x = length * (0.62 + 0.38 * share);
    outline.push([x, -half + width * dropPoint * share * share * share]);
  }
  outline.push([length * 0.8, half - width * (1 - dropPoint) * 0.28]);
  outline.push([length * 0.5, half]);
  model.prism(material, [outline], thickness, {
    at,
    cuts: bevel(thickness, -half - 0.3, width * grind),
  });
}

function fixedKnife(random: RandomStream, isKitchen: boolean): SolidModel {
  const isCeramic = isKitchen && random.chance(0.12);
  const model = new SolidModel(isKitchen ? 'kitchen knife' : 'fixed-blade knife');
  const length = isKitchen ? random.range(85, 210) : random.range(80, 150);
  const width = isKitchen ? random.range(18, 24 + length * 0.11) : random.range(20, 30);
  const thickness = isCeramic ? 1.9 : isKitchen ? random.range(1.2, 2.6) : random.range(3, 4.6);
  const blade = isCeramic ? 'alumina' : 'steel';
  const dropPoint = random.range(0.35, 0.95);
  addBlade(model, blade, { length, width, thickness, dropPoint, grind: random.range(0.45, 1) });
  const grip = random.range(95, 125);
  const height = random.range(18, 27);
  const material = random.pick(['abs', 'paper', 'nylon-glass', 'rubber']);
  const handle = translation(-grip / 2, 0, 0);
  const outline = roundedRectangle(grip, height, height * 0.4, 3);
  model.prism(material, [outline], random.range(14, 20), { at: handle });
  const isFullTang = random.chance(0.6);
  const tang = isFullTang ? grip - 4 : grip * random.range(0.4, 0.8);
  const tangHeight = isFullTang ? height - 6 : height * 0.45;
  model.box(blade, [tang, tangHeight, thickness], { at: translation(-tang / 2, 0, 0) });
  if (isFullTang || random.chance(0.4)) {
    const rivets = random.integer(2, 3);
    for (let rivet = 0; rivet < rivets; rivet++) {
      const x = -grip * ((rivet + 0.7) / (rivets + 0.4));
      model.cylinder(random.pick(['brass', 'steel', 'aluminium']), 3, 17, {
        at: translation(x, 0, 0),
      });
    }
  }
  if (isKitchen ? random.chance(0.45) : true) {
    model.box('steel', [random.range(5, 12), height + (isKitchen ? 0 : 14), 13], {
      at: translation(-3, 0, 0),
      fill: 0.9,
    });
  }
  if (!isKitchen && random.chance(0.5)) {
    const sheath = translation(length / 2, 0, 0);
    model.box('leather', [length + 14, width + 12, 12], { at: sheath, fill: 0.8 });
  }
  return model;
}

function foldingKnife(random: RandomStream): SolidModel {
  const model = new SolidModel('folding knife');
  const length = random.range(62, 102);
  const width = random.range(15, 26);
  const thickness = random.range(2, 3.4);
  const grip = length * random.range(1.22, 1.38);
  const isOpen = random.chance(0.6);
  // Open, the blade goes on in front of the handle; closed, it lies turned back into it.
  const turn = isOpen ? 0 : Math.PI;
  const pivot = chain(translation(-7, 0, 0), rotation('z', turn));
  const form = {
    length: length + 8,
    width,
    thickness,
    dropPoint: random.range(0.4, 0.9),
    grind: random.range(0.5, 0.9),
  };
  addBlade(model, 'steel', form, pivot);
  const outline = roundedRectangle(grip, width + 8, width * 0.35, 4);
  const place = translation(-grip / 2, 0, 0);
  const scales = random.pick(['nylon-glass', 'aluminium', 'paper', 'steel']);
  const hasLiners = random.chance(0.8);
  for (const side of [-1, 1]) {
    if (hasLiners) {
      const liner = chain(place, translation(0, 0, side * (thickness / 2 + 0.9)));
      model.prism('steel', [outline], random.range(1, 1.6), { at: liner });
    }
    const cover = scales === 'steel' ? 1 : 3.2;
    const outside = chain(place, translation(0, 0, side * (thickness / 2 + 2 + cover / 2)));
    model.prism(scales, [outline], cover, { at: outside });
  }
  model.cylinder('steel', 4.2, thickness + 9, { at: translation(-7, 0, 0) });
  model.box('steel', [grip * 0.8, 3, thickness], {
    at: translation(-grip * 0.52, width / 2 + 1, 0),
  });
  for (const x of [-grip * 0.5, -grip + 7]) {
    addScrew(model, translation(x, width * 0.25, 6), 11, 1.4);
  }
  if (random.chance(0.6)) {
    model.box('steel', [grip * 0.55, 6, 0.9], {
      at: translation(-grip * 0.68, 0, thickness / 2 + 8),
    });
  }
  return model;
}

function dagger(random: RandomStream): SolidModel {
  const model = new SolidModel('dagger');
  const length = random.range(95, 200);
  const width = random.range(18, 30);
  const thickness = random.range(3.2, 5.5);
  const half = width / 2;
  const outline: Point[] = [
    [0, half],
    [0, -half],
    [length * 0.65, -half * 0.85],
    [length, 0],
    [length * 0.65, half * 0.85],
  ];
  const cuts = [...bevel(thickness, -half - 0.2, half), ...bevel(thickness, half + 0.2, half)];
  model.prism('steel', [outline], thickness, { cuts });
  const grip = random.range(85, 115);
  const metal = random.pick(['brass', 'steel']);
  const guard = roundedRectangle(9, width + random.range(18, 50), 4, 2);
  model.prism(metal, [guard], 12, { at: translation(-4, 0, 0) });
  const lay = rotation('y', Math.PI / 2);
  const material = random.pick(['paper', 'leather', 'abs', 'nylon-glass']);
  model.cylinder(material, [9, 12], grip, { at: chain(translation(-8 - grip / 2, 0, 0), lay) });
  model.box('steel', [grip + 4, 8, thickness], { at: translation(-8 - grip / 2, 0, 0) });
  model.ellipsoid(metal, [10, 13, 12], { at: translation(-12 - grip, 0, 0) });
  const rings = random.integer(0, 8);
  for (let ring = 0; ring < rings; ring++) {
    const x = -14 - ((ring + 0.5) / rings) * (grip - 12);
    model.ring('copper', 11, 0.8, { at: chain(translation(x, 0, 0), lay) });
  }
  return model;
}
