import { chain, rotation, translation, type Affine, type Vector } from '../geometry/affine';
import { alongPath, smoothPath } from '../geometry/outlines';
import type { SolidModel } from '../geometry/solid-model';
import type { MaterialName } from '../physics/materials';
import type { RandomStream } from '../random-stream';

/** A screw about z, its head up. */
export function addScrew(
  model: SolidModel,
  at: Affine,
  length: number,
  radius: number,
  material: MaterialName = 'steel',
): void {
  model.cylinder(material, radius, length, { at: chain(at, translation(0, 0, -length / 2)) });
  model.cylinder(material, [radius * 2.1, radius * 1.7], radius * 1.3, {
    at: chain(at, translation(0, 0, radius * 0.65)),
  });
}

/** A rivet or snap fastener about z: a hollow cap on a short shank. */
export function addRivet(
  model: SolidModel,
  at: Affine,
  radius: number,
  material: MaterialName,
): void {
  model.cylinder(material, radius, 0.6, { at: chain(at, translation(0, 0, 2)) });
  model.pipe(material, radius, radius * 0.3, 1.6, { at: chain(at, translation(0, 0, 1.2)) });
  model.cylinder(material, radius * 0.4, 4, { at });
}

export interface ZipForm {
  readonly teeth: MaterialName;
  /** Length of a tooth across the zip in mm. */
  readonly toothWidth: number;
  readonly pitch: number;
  readonly sliders: number;
  readonly slider: MaterialName;
}

/** A zip along a path: tape, teeth in two rows, sliders with their pulls. */
export function addZip(
  model: SolidModel,
  path: readonly Vector[],
  form: ZipForm,
  random: RandomStream,
): void {
  const { teeth, toothWidth, pitch } = form;
  model.tube('nylon', path, 2.2, { fill: 0.35 });
  const places = alongPath(path, pitch);
  places.forEach(({ point, direction }, index) => {
    const side = index % 2 === 0 ? 1 : -1;
    const heading = Math.atan2(direction[1], direction[0]);
    const at = chain(
      translation(...point),
      rotation('z', heading),
      translation(0, (side * toothWidth) / 4, 0),
    );
    model.box(teeth, [pitch * 0.75, toothWidth, 1.6], { at });
  });
  for (let slider = 0; slider < form.sliders; slider++) {
    const place = places[random.integer(0, places.length - 1)];
    if (place === undefined) continue;
    const heading = Math.atan2(place.direction[1], place.direction[0]);
    addSlider(
      model,
      chain(translation(...place.point), rotation('z', heading)),
      form.slider,
      random,
    );
  }
}

function addSlider(
  model: SolidModel,
  at: Affine,
  material: MaterialName,
  random: RandomStream,
): void {
  model.box(material, [9, 7.5, 1.1], { at: chain(at, translation(0, 0, 2)) });
  model.box(material, [9, 7.5, 1.1], { at: chain(at, translation(0, 0, -2)) });
  model.box(material, [4, 2, 4], { at });
  const hang = chain(
    at,
    rotation('z', random.range(0, 6.28)),
    rotation('y', random.range(-0.6, 0.6)),
  );
  const length = random.range(18, 34);
  model.box(material, [length, 5.5, 1.4], { at: chain(hang, translation(length / 2 + 3, 0, 3)) });
  model.box(material, [length * 0.35, 2.6, 1.4], {
    at: chain(hang, translation(length * 0.72 + 3, 0, 3)),
    fill: -1,
  });
}

/** A cable with a copper core along knots, smoothed. */
export function addCable(
  model: SolidModel,
  knots: readonly Vector[],
  radius: number,
  options: { at?: Affine; stepsPerKnot?: number } = {},
): void {
  const path = smoothPath(knots, options.stepsPerKnot ?? 6);
  const place = options.at === undefined ? {} : { at: options.at };
  model.tube('pvc', path, radius, place);
  model.tube('copper', path, radius * 0.36, place);
}

/** Knots of a cable wound into a loose coil of a few turns. */
export function coilKnots(
  random: RandomStream,
  radius: number,
  turns: number,
  looseness: number,
): Vector[] {
  const knots: Vector[] = [];
  const steps = Math.round(turns * 9);
  const squeeze = random.range(0.45, 0.9);
  for (let step = 0; step <= steps; step++) {
    const angle = (step / 9) * 2 * Math.PI;
    const r = radius * (1 + looseness * random.range(-1, 1));
    knots.push([
      r * Math.cos(angle),
      squeeze * r * Math.sin(angle),
      (step / steps - 0.5) * turns * 5,
    ]);
  }
  return knots;
}

/** A round cell about z: steel can around its filling. */
export function addCell(model: SolidModel, at: Affine, radius: number, length: number): void {
  model.pipe('steel', radius, 0.35, length, { at });
  model.cylinder('lithium-ion', radius - 0.35, length * 0.94, { at });
  model.cylinder('steel', radius * 0.35, 1.4, { at: chain(at, translation(0, 0, length / 2)) });
}
