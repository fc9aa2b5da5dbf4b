import { rotation, translation, chain } from '../simulator/geometry/affine';
import { SolidModel } from '../simulator/geometry/solid-model';
import type { RandomStream } from '../simulator/random-stream';

/**
 * What screeners are trained to look for in an improvised device, in outline alone: a block of
 * organic matter, a power source, something that switches, a detonator's metal tube, and wires
 * between them. It is a picture for practice: nothing here says how one is made.
 */
export function improvisedDevice(random: RandomStream): SolidModel {
  const model = new SolidModel('improvised device');
  const [length, width, height] = [
    random.range(90, 190),
    random.range(50, 110),
    random.range(22, 50),
  ] as const;
  const density = random.range(0.9, 1.1);
  if (random.chance(0.6)) model.box('sugar', [length, width, height], { fill: density });
  else {
    const along = chain(rotation('y', Math.PI / 2));
    model.cylinder('sugar', height / 2 + 12, length, { at: along, fill: density });
  }
  const boardAt = translation(random.range(-25, 25), width / 2 + random.range(16, 30), 0);
  model.box('circuit-board', [random.range(30, 55), random.range(20, 32), 1.6], { at: boardAt });
  for (let part = random.integer(4, 9); part > 0; part--) {
    const at = chain(boardAt, translation(random.range(-18, 18), random.range(-9, 9), 2.5));
    model.box('copper', [random.range(2, 6), random.range(1.5, 4), random.range(0.6, 1.6)], { at });
  }
  const cells = random.integer(1, 3);
  const batteryX = random.range(-length / 3, length / 3);
  for (let cell = 0; cell < cells; cell++) {
    const at = chain(
      translation(batteryX, -width / 2 - 12 - 16 * cell, 0),
      rotation('y', Math.PI / 2),
    );
    model.cylinder('lithium-ion', 7.2, 50, { at });
  }
  const detonator = chain(
    translation(random.range(-20, 20), random.range(-8, 8), height / 2 - 4),
    rotation('z', random.range(-0.6, 0.6)),
    rotation('y', Math.PI / 2),
  );
  model.pipe('aluminium', 3.4, 0.5, random.range(45, 65), { at: detonator });
  for (let wire = random.integer(3, 5); wire > 0; wire--) {
    const swing = random.range(-26, 26);
    model.tube(
      'copper',
      [
        [batteryX + random.range(-20, 20), -width / 2 - 10, random.range(0, 8)],
        [random.range(-40, 40), swing, height / 2 + random.range(2, 8)],
        [random.range(-30, 30), width / 2 + 18, random.range(0, 5)],
      ],
      random.range(0.35, 0.7),
    );
  }
  return model;
}
