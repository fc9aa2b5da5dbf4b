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
} from './pistol-parts';

/** One part of a pistol taken down: barrel, slide, magazine or frame. */
export function gunPart(random: RandomStream): SolidModel {
  const form = pistolForm(random);
  const part = random.pick(['barrel', 'slide', 'magazine', 'frame']);
  const model = new SolidModel(part);
  if (part === 'barrel') addBarrel(model, form, IDENTITY);
  else if (part === 'magazine') addMagazine(model, form, IDENTITY, random);
  else if (part === 'frame') addFrame(model, form, IDENTITY);
  else {
    addSlide(model, form, IDENTITY);
    if (random.chance(0.4)) addBarrel(model, form, IDENTITY);
    if (random.chance(0.4)) addRecoilSpring(model, form, IDENTITY);
  }
  return model;
}
