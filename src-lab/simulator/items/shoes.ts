import { chain, rotation, translation } from '../geometry/affine';
import type { Point } from '../geometry/prism';
import { SolidModel } from '../geometry/solid-model';
import type { RandomStream } from '../random-stream';
import { addRivet } from './small-parts';

const SOLE: readonly Point[] = [
  [-0.5, -0.09],
  [-0.47, -0.13],
  [-0.36, -0.14],
  [-0.1, -0.11],
  [0.12, -0.14],
  [0.3, -0.17],
  [0.44, -0.13],
  [0.5, -0.03],
  [0.48, 0.08],
  [0.36, 0.16],
  [0.18, 0.17],
  [-0.08, 0.12],
  [-0.34, 0.13],
  [-0.47, 0.1],
];

/** A pair of shoes: soles with tread, steel shanks in some, uppers, eyelets, heels. */
export function shoes(random: RandomStream): SolidModel {
  const model = new SolidModel('shoes');
  const length = random.range(225, 305);
  const soleThickness = random.range(9, 22);
  const hasShank = random.chance(0.6);
  const hasEyelets = random.chance(0.6);
  const hasHeel = random.chance(0.35);
  const sole = random.pick(['rubber', 'pvc', 'rubber']);
  for (const foot of [-1, 1]) {
    const lies = random.chance(0.5) ? 0 : Math.PI / 2;
    const at = chain(
      translation(random.range(-15, 15), foot * random.range(48, 62), random.range(-10, 10)),
      rotation('z', (foot > 0 ? 0 : Math.PI) + random.range(-0.15, 0.15)),
      rotation('x', lies + random.range(-0.2, 0.2)),
    );
    const outline = SOLE.map(([x, y]): Point => [x * length, foot * y * length]);
    model.prism(sole, [outline], soleThickness, { at, fill: sole === 'pvc' ? 0.5 : 0.9 });
    const grooves = random.integer(5, 11);
    for (let groove = 0; groove < grooves; groove++) {
      const x = ((groove + 0.5) / grooves - 0.5) * length * 0.9;
      const size = [length * 0.03, length * 0.19, soleThickness * 0.4] as const;
      const dip = chain(at, translation(x, 0, -soleThickness * 0.25));
      model.box(sole, size, { at: dip, fill: sole === 'pvc' ? -0.5 : -0.9 });
    }
    if (hasShank) {
      const shank = chain(at, translation(-length * 0.12, 0, soleThickness / 2));
      model.box('steel', [length * 0.36, 13, 1.3], { at: shank });
    }
    if (hasHeel) {
      const heel = chain(at, translation(-length * 0.38, 0, -soleThickness / 2 - 9));
      model.box('rubber', [length * 0.22, length * 0.22, 18], { at: heel });
      for (let nail = 0; nail < 6; nail++) {
        const place = translation(random.range(-20, 20), random.range(-18, 18), 0);
        model.cylinder('steel', 0.9, 16, { at: chain(heel, place) });
      }
    }
    const upper = chain(at, translation(0, 0, soleThickness / 2 + 20));
    const leather = random.range(0.5, 0.8);
    model.ellipsoid('leather', [length * 0.49, length * 0.165, 34], { at: upper, fill: leather });
    const hollow = [length * 0.475, length * 0.15, 31] as const;
    model.ellipsoid('leather', hollow, { at: upper, fill: -leather });
    if (hasEyelets) {
      for (let pair = 0; pair < 6; pair++) {
        for (const side of [-1, 1]) {
          const place = translation(length * (0.02 + pair * 0.045), side * (9 + pair), 24);
          addRivet(model, chain(upper, place), 2.6, 'brass');
        }
      }
    }
  }
  return model;
}
