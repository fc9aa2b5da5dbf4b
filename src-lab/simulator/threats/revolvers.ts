import { chain, rotation, translation, type Vector } from '../geometry/affine';
import { roundedRectangle } from '../geometry/outlines';
import type { Point } from '../geometry/prism';
import { SolidModel } from '../geometry/solid-model';
import { addScrew } from '../items/small-parts';
import type { MaterialName } from '../physics/materials';
import type { RandomStream } from '../random-stream';
import { addCartridge } from './pistol-parts';

const ALONG_X = rotation('y', Math.PI / 2);

/** A revolver: muzzle along x, grip along −y, the origin at the middle of its drum. */
export function revolver(random: RandomStream): SolidModel {
  const model = new SolidModel('revolver');
  const metal: MaterialName = random.pick(['steel', 'steel', 'aluminium']);
  const barrelLength = random.pick([48, 76, 102, 150]) + random.range(-5, 5);
  const drumRadius = random.range(18.5, 21.5);
  const drumLength = random.range(34, 43);
  const chambers = random.integer(5, 6);
  const calibre = 9.1;
  const boreY = drumRadius * 0.6;
  const front = drumLength / 2 + 8;

  addFrame(model, metal, drumLength, drumRadius, front);
  const barrel = translation(front + barrelLength / 2, boreY, 0);
  model.pipe('steel', 8, 3.4, barrelLength, { at: chain(barrel, ALONG_X) });
  const rib = chain(barrel, translation(0, 9, 0));
  model.box('steel', [barrelLength, 5, 6], { at: rib });
  model.box('steel', [14, 6, 2.5], { at: chain(rib, translation(barrelLength / 2 - 10, 4, 0)) });
  const ejector = translation(front + Math.min(barrelLength, 60) / 2, -2, 0);
  model.cylinder('steel', 2.6, Math.min(barrelLength, 60), { at: chain(ejector, ALONG_X) });
  if (random.chance(0.5)) {
    const shroud = translation(front + barrelLength * 0.4, 0, 0);
    model.box('steel', [barrelLength * 0.8, 9, 11], { at: shroud, fill: 0.6 });
  }

  model.cylinder('steel', drumRadius, drumLength, { at: ALONG_X });
  const loaded = random.chance(0.7);
  for (let chamber = 0; chamber < chambers; chamber++) {
    const angle = Math.PI / 2 + (2 * Math.PI * chamber) / chambers;
    const place = chain(
      translation(0, drumRadius * 0.6 * Math.sin(angle), drumRadius * 0.6 * Math.cos(angle)),
      ALONG_X,
    );
    model.cylinder('steel', calibre / 2 + 0.6, drumLength, { at: place, fill: -1 });
    if (loaded) addCartridge(model, place, calibre, Math.min(38, drumLength - 2));
    const flute = chain(
      translation(
        drumLength * 0.15,
        (drumRadius - 2.7) * Math.sin(angle + Math.PI / chambers),
        (drumRadius - 2.7) * Math.cos(angle + Math.PI / chambers),
      ),
      ALONG_X,
    );
    model.cylinder('steel', 2.6, drumLength * 0.6, { at: flute, fill: -0.5 });
  }
  model.cylinder('steel', 3, drumLength + 14, { at: ALONG_X });
  addGrip(model, drumLength, drumRadius, random);
  return model;
}

function addFrame(
  model: SolidModel,
  metal: MaterialName,
  drumLength: number,
  drumRadius: number,
  front: number,
): void {
  const top = drumRadius + 7;
  const bottom = -drumRadius - 6;
  const back = -drumLength / 2 - 24;
  const outline: Point[] = [
    [front + 3, top],
    [back + 16, top],
    [back + 6, top - 9],
    [back, 2],
    [back + 4, bottom - 8],
    [-drumLength / 2 + 8, bottom - 6],
    [front, bottom],
    [front + 6, bottom + 12],
  ];
  const window = roundedRectangle(drumLength + 5, 2 * drumRadius + 3, 4, 2);
  model.prism(metal, [outline, window], 13);
  // The lock's hollow with its works.
  const lock = translation(back + 13, -drumRadius * 0.6, 0);
  model.box(metal, [13, drumRadius * 1.2, 7], { at: lock, fill: -1 });
  model.box('steel', [12, 9, 6], { at: lock, fill: 0.8 });
  const guard: Vector[] = [
    [front - 8, bottom, 0],
    [front - 9, bottom - 22, 0],
    [front - 22, bottom - 29, 0],
    [-drumLength / 2 - 2, bottom - 24, 0],
    [-drumLength / 2 - 8, bottom - 6, 0],
  ];
  model.tube(metal, guard, 3.2);
  const trigger: Vector[] = [
    [-4, bottom, 0],
    [1, bottom - 11, 0],
    [-1, bottom - 21, 0],
  ];
  model.tube('steel', trigger, 3);
  const hammer: Vector[] = [
    [back + 8, 2, 0],
    [back - 3, top - 8, 0],
    [back - 11, top - 6, 0],
  ];
  model.tube('steel', hammer, 4);
  for (const [x, y] of [
    [back + 12, -6],
    [-4, bottom + 3],
    [back + 10, bottom - 3],
  ] as const) {
    model.cylinder('steel', 2.2, 14.5, { at: translation(x, y, 0) });
  }
}

function addGrip(
  model: SolidModel,
  drumLength: number,
  drumRadius: number,
  random: RandomStream,
): void {
  const material = random.pick(['paper', 'rubber', 'nylon-glass']);
  const length = random.range(72, 102);
  const at = chain(
    translation(-drumLength / 2 - 26, -drumRadius - length / 2 - 2, 0),
    rotation('z', -random.range(0.3, 0.5)),
  );
  const outline: Point[] = [
    [-14, length / 2],
    [18, length / 2],
    [16, 0],
    [22, -length / 2 + 4],
    [-14, -length / 2],
    [-20, 0],
  ];
  model.prism(material, [outline], random.range(26, 34), { at, fill: 0.9 });
  const strap: Vector[] = [
    [-12, length / 2, 0],
    [-17, 0, 0],
    [-11, -length / 2 + 8, 0],
    [15, -length / 2 + 10, 0],
  ];
  model.tube('steel', strap, 3.4, { at });
  model.box('steel', [2.5, length * 0.8, 6], { at: chain(at, translation(6, 4, 0)) });
  addScrew(model, chain(at, translation(4, -4, 14)), 26, 2);
}
