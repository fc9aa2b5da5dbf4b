import { IDENTITY } from '../geometry/affine';
import { SolidModel } from '../geometry/solid-model';
import type { RandomStream } from '../random-stream';
import {
  addBarrel,
  addFrame,
  addMagazine,
  addRecoilSpring,
  addSlide,
  pistolForm,
  wellPlace,
} from './pistol-parts';

/** A whole self-loading pistol: polymer, aluminium or steel frame, pocket to full size. */
export function pistol(random: RandomStream): SolidModel {
  const model = new SolidModel('pistol');
  const form = pistolForm(random);
  addSlide(model, form, IDENTITY);
  addBarrel(model, form, IDENTITY);
  addRecoilSpring(model, form, IDENTITY);
  addFrame(model, form, IDENTITY);
  if (random.chance(0.85)) addMagazine(model, form, wellPlace(form), random);
  return model;
}
