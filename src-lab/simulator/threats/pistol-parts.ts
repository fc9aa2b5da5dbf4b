import { chain, rotation, translation, type Affine, type Vector } from '../geometry/affine';
import type { Point } from '../geometry/prism';
import type { SolidModel } from '../geometry/solid-model';
import { addScrew } from '../items/small-parts';
import type { MaterialName } from '../physics/materials';
import type { RandomStream } from '../random-stream';

/**
 * Dimensions of a self-loading pistol in mm. The muzzle points along x, the grip along −y, the
 * sides face z; the origin lies on the bore's axis above the trigger.
 */
export interface PistolForm {
  readonly slideLength: number;
  readonly slideHeight: number;
  readonly slideWidth: number;
  readonly barrelLength: number;
  readonly calibre: number;
  readonly gripLength: number;
  readonly gripDepth: number;
  /** Angle of the grip from upright, radians. */
  readonly gripRake: number;
  readonly frame: MaterialName;
  /** How the grip's sides are clad on a metal frame. */
  readonly panels: MaterialName;
  readonly hasHammer: boolean;
  readonly rounds: number;
  readonly isDoubleStack: boolean;
}

export function pistolForm(random: RandomStream): PistolForm {
  const size = random.range(0, 1);
  const isPolymer = random.chance(0.5);
  return {
    slideLength: 140 + 65 * size + random.range(-6, 6),
    slideHeight: random.range(22, 28),
    slideWidth: random.range(22, 27),
    barrelLength: 76 + 48 * size + random.range(-4, 4),
    calibre: random.pick([9, 9, 7.65, 11.4]),
    gripLength: 68 + 32 * size + random.range(-5, 5),
    gripDepth: random.range(40, 52),
    gripRake: random.range(0.12, 0.36),
    frame: isPolymer ? 'nylon-glass' : random.pick(['steel', 'aluminium', 'steel']),
    panels: random.pick(['nylon', 'paper', 'rubber']),
    hasHammer: !isPolymer || random.chance(0.3),
    rounds: random.chance(0.25) ? 0 : random.integer(4, 15),
    isDoubleStack: random.chance(0.6),
  };
}

const ALONG_X = rotation('y', Math.PI / 2);

/** Rear end of the slide on x; the muzzle lies slideLength in front of it. */
export function slideRear(form: PistolForm): number {
  return -form.slideLength * 0.42;
}

/** The slide: a steel block milled out for barrel and spring, with port, serrations and sights. */
export function addSlide(model: SolidModel, form: PistolForm, at: Affine): void {
  const { slideLength, slideHeight, slideWidth } = form;
  const rear = slideRear(form);
  const front = rear + slideLength;
  const top = slideHeight * 0.45;
  const outline: Point[] = [
    [rear, top - slideHeight],
    [front - 2, top - slideHeight],
    [front, top - slideHeight * 0.5],
    [front - 3, top - 1],
    [rear + 2, top],
    [rear, top - 3],
  ];
  model.prism('steel', [outline], slideWidth, { at });
  const hollowFrom = rear + slideLength * 0.32;
  const channel = front - 5 - hollowFrom;
  const bore = translation(hollowFrom + channel / 2, 0, 0);
  model.box('steel', [channel, slideHeight * 0.62, slideWidth - 6.4], {
    at: chain(at, bore),
    fill: -1,
  });
  const below = translation(hollowFrom + channel / 2, top - slideHeight * 0.9, 0);
  model.box('steel', [channel, slideHeight * 0.2 - 0.2, slideWidth - 7.4], {
    at: chain(at, below),
    fill: -1,
  });
  const block = translation(rear + slideLength * 0.16, top - slideHeight * 0.78, 0);
  const rail = [slideLength * 0.3, slideHeight * 0.4, slideWidth - 9] as const;
  model.box('steel', rail, { at: chain(at, block), fill: -1 });
  model.cylinder('steel', 3.2, slideLength * 0.26, {
    at: chain(at, translation(rear + slideLength * 0.16, 0, 0), ALONG_X),
    fill: -0.7,
  });
  for (let cut = 0; cut < 7; cut++) {
    for (const side of [-1, 1]) {
      const place = translation(rear + 8 + cut * 4, 0, (side * (slideWidth - 0.9)) / 2);
      model.box('steel', [1.6, slideHeight * 0.7, 0.8], { at: chain(at, place), fill: -1 });
    }
  }
  model.box('steel', [6, 4, 3.5], { at: chain(at, translation(front - 9, top + 2, 0)) });
  model.box('steel', [7, 4.5, 17], { at: chain(at, translation(rear + 8, top + 2, 0)) });
}

/** The barrel with its chamber block, bored through. */
export function addBarrel(model: SolidModel, form: PistolForm, at: Affine): void {
  const { barrelLength, calibre } = form;
  const front = slideRear(form) + form.slideLength + 1;
  const place = chain(at, translation(front - barrelLength / 2, 0, 0));
  model.pipe('steel', calibre / 2 + 2.6, 2.6, barrelLength, { at: chain(place, ALONG_X) });
  const chamber = chain(place, translation(-barrelLength / 2 + 14, -1, 0));
  model.box('steel', [28, calibre + 8, calibre + 8], { at: chamber });
  model.cylinder('steel', calibre / 2 + 2.6, 28, {
    at: chain(chamber, translation(0, 1, 0), ALONG_X),
    fill: -1,
  });
  model.box('steel', [12, 9, 6], { at: chain(chamber, translation(2, -calibre / 2 - 7, 0)) });
}

/** Guide rod and recoil spring under the barrel. */
export function addRecoilSpring(model: SolidModel, form: PistolForm, at: Affine): void {
  const front = slideRear(form) + form.slideLength - 4;
  const length = form.barrelLength * 0.78;
  const y = -form.calibre / 2 - 8;
  const rod = chain(at, translation(front - length / 2, y, 0), ALONG_X);
  model.cylinder(form.frame === 'nylon-glass' ? 'nylon-glass' : 'steel', 2.4, length, { at: rod });
  const turns = Math.round(length / 4);
  for (let turn = 0; turn < turns; turn++) {
    const place = chain(at, translation(front - (turn + 0.5) * 4, y, 0), ALONG_X);
    model.ring('steel', 4.3, 0.65, { at: place });
  }
}

/** The frame with grip, trigger guard, magazine well, trigger, pins and springs. */
export function addFrame(model: SolidModel, form: PistolForm, at: Affine): void {
  const { slideLength, slideHeight, slideWidth, gripLength, gripDepth, gripRake, frame } = form;
  const rear = slideRear(form);
  const front = rear + slideLength;
  const top = slideHeight * 0.45 - slideHeight;
  const slant = Math.tan(gripRake) * gripLength;
  const body: Point[] = [
    [rear - 7, top + 3],
    [rear + 4, top + 4],
    [front - 6, top + 2],
    [front - 10, top - 12],
    [14, top - 14],
    [10, top - 18],
    [rear + 12 + gripDepth, top - 20],
    [rear + 10 + gripDepth - slant, top - 16 - gripLength],
    [rear + 8 - slant, top - 12 - gripLength],
    [rear + 2 - slant * 0.4, top - 34],
    [rear - 4, top - 8],
  ];
  const width = slideWidth + (frame === 'nylon-glass' ? 4 : -2);
  model.prism(frame, [body], width, { at });
  // Inside, the frame is open: the spring's trough in front, the magazine well in the grip.
  const trough = translation((front + 10) / 2 - 4, top - 4, 0);
  model.box(frame, [front - 26, 12, width - 7], { at: chain(at, trough), fill: -1 });
  const well = wellPlace(form);
  const inner = [
    gripDepth - 15,
    gripLength - 18,
    width - (frame === 'nylon-glass' ? 7 : 4),
  ] as const;
  model.box(frame, inner, { at: chain(at, well), fill: -1 });
  const lock = translation(rear + 26, top - 4, 0);
  model.box(frame, [44, 13, width - 7], { at: chain(at, lock), fill: -0.9 });
  // Trigger guard and trigger.
  const guard: Vector[] = [
    [18, top - 13, 0],
    [20, top - 34, 0],
    [10, top - 41, 0],
    [-10, top - 41, 0],
    [rear + 14 + gripDepth - 4, top - 34, 0],
  ];
  model.tube(frame, guard, 3.6, { at });
  model.tube(
    'steel',
    [
      [-2, top - 8, 0],
      [2, top - 20, 0],
      [0, top - 31, 0],
    ],
    3.2,
    { at },
  );
  model.box('steel', [55, 3.5, 1.6], { at: chain(at, translation(rear + 40, top - 6, 9)) });
  const pins: readonly Point[] = [
    [0, top - 9],
    [-14, top - 5],
    [rear + 14, top - 6],
    [rear + 22, top - 15],
  ];
  for (const [x, y] of pins) {
    model.cylinder('steel', 2, width + 1, { at: chain(at, translation(x, y, 0)) });
  }
  for (const x of [rear + 10, rear + slideLength * 0.45]) {
    for (const side of [-1, 1]) {
      const rail = translation(x, top + 2, (side * (slideWidth - 7)) / 2);
      model.box('steel', [18, 5, 2], { at: chain(at, rail) });
    }
  }
  model.box('steel', [14, 20, 7], { at: chain(at, translation(rear + 9, top - 12, 0)), fill: 0.8 });
  if (form.hasHammer) {
    model.tube(
      'steel',
      [
        [rear - 2, top - 2, 0],
        [rear - 8, top + 16, 0],
        [rear - 13, top + 18, 0],
      ],
      4,
      { at },
    );
    const spring = chain(
      at,
      well,
      translation(-gripDepth * 0.38, -4, 0),
      rotation('x', Math.PI / 2),
    );
    model.cylinder('steel', 3.6, gripLength * 0.7, { at: spring, fill: 0.4 });
  }
  if (frame !== 'nylon-glass') {
    for (const side of [-1, 1]) {
      const panel = chain(at, well, translation(-2, 2, (side * (width + 6)) / 2));
      model.box(form.panels, [gripDepth - 8, gripLength * 0.92, 6], { at: panel });
      for (const y of [-0.3, 0.32]) {
        addScrew(model, chain(panel, translation(0, y * gripLength, side * 2)), 6, 1.7);
      }
    }
  }
}

/** Middle of the magazine well, its y along the grip. */
export function wellPlace(form: PistolForm): Affine {
  const top = -form.slideHeight * 0.55;
  const slant = Math.tan(form.gripRake) * form.gripLength;
  const middle = translation(
    slideRear(form) + 9 + form.gripDepth / 2 - slant / 2,
    top - 14 - form.gripLength / 2,
    0,
  );
  return chain(middle, rotation('z', -form.gripRake));
}

/** A magazine of sheet steel about the origin, y along its length, with spring and cartridges. */
export function addMagazine(
  model: SolidModel,
  form: PistolForm,
  at: Affine,
  random: RandomStream,
): void {
  const length = form.gripLength + 12;
  const depth = Math.max(27, form.gripDepth - 18);
  const width = form.isDoubleStack ? 20 : form.calibre + 5;
  model.box('steel', [depth, length, width], { at });
  model.box('steel', [depth - 1.8, length, width - 1.8], { at, fill: -1 });
  const floor = chain(at, translation(2, -length / 2 - 3, 0));
  model.box(random.pick(['nylon-glass', 'steel']), [depth + 9, 5, width + 4], { at: floor });
  const step = form.isDoubleStack ? form.calibre * 0.62 : form.calibre + 0.8;
  const rounds = Math.min(form.rounds, Math.floor((length - 18) / step));
  for (let round = 0; round < rounds; round++) {
    const z = form.isDoubleStack ? (round % 2 === 0 ? 1 : -1) * 4.2 : 0;
    const place = chain(at, translation(-1, length / 2 - 6 - round * step, z), rotation('z', 0.12));
    addCartridge(model, chain(place, ALONG_X), form.calibre, 28);
  }
  const from = length / 2 - 10 - rounds * step;
  const follower = chain(at, translation(0, from, 0));
  model.box('nylon-glass', [depth - 4, 8, width - 4], { at: follower });
  const coils = Math.max(3, Math.round((from + length / 2) / 6));
  const spring = Array.from({ length: coils + 1 }, (_, coil): Vector => [
    (coil % 2 === 0 ? -1 : 1) * (depth / 2 - 4),
    from - 4 - (coil / coils) * (from - 4 + length / 2),
    0,
  ]);
  model.tube('steel', spring, 0.7, { at });
}

/** A cartridge about z: brass case, powder left out, lead bullet in a copper jacket. */
export function addCartridge(model: SolidModel, at: Affine, calibre: number, length: number): void {
  const radius = calibre / 2 + 0.3;
  const caseLength = length * 0.66;
  const shell = chain(at, translation(0, 0, -length / 2 + caseLength / 2));
  model.pipe('brass', radius, 0.4, caseLength, { at: shell });
  model.cylinder('brass', radius, 3, { at: chain(at, translation(0, 0, -length / 2 + 1.5)) });
  const bullet = length - caseLength;
  const nose = translation(0, 0, length / 2 - bullet / 2);
  model.cylinder('lead', [radius - 0.4, radius * 0.45], bullet, { at: chain(at, nose) });
}
