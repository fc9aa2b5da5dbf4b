import { translation } from '../geometry/affine';
import { closedPath, roundedBoxCuts, roundedRectangle, smoothPath } from '../geometry/outlines';
import { SolidModel } from '../geometry/solid-model';
import type { MaterialName } from '../physics/materials';
import type { RandomStream } from '../random-stream';
import { addZip } from '../items/small-parts';
import type { BagBody } from './bag-body';
import { fittings, grips, trolley, wheels, type CaseForm } from './suitcase-fittings';

/** A trolley suitcase, hard or soft, with all its fittings. */
export function suitcase(random: RandomStream): BagBody {
  const length = random.range(430, 640);
  const form: CaseForm = {
    length,
    width: length * random.range(0.6, 0.7),
    height: random.range(170, 260),
    corner: random.range(35, 70),
    isHard: random.chance(0.55),
  };
  const models = [
    shell(form, random),
    frames(form, random),
    zips(form, random),
    wheels(form, random),
    grips(form, random),
    fittings(form, random),
  ];
  if (random.chance(0.88)) models.push(trolley(form, random));
  const kind = form.isHard ? 'hard suitcase' : 'soft suitcase';
  return { kind, length: form.length, width: form.width, height: form.height, models };
}

function shell(form: CaseForm, random: RandomStream): SolidModel {
  const model = new SolidModel('bag shell');
  const { length, width, height, corner, isHard } = form;
  const wall = isHard ? random.range(1.6, 2.8) : random.range(1.2, 2.2);
  const material: MaterialName = isHard
    ? random.pick(['abs', 'nylon-glass', 'pvc'])
    : random.pick(['nylon', 'pvc', 'pvc']);
  const fill = isHard
    ? material === 'abs'
      ? 1
      : 0.6
    : material === 'pvc'
      ? random.range(0.35, 0.6)
      : random.range(0.5, 0.8);
  const edge = isHard ? 26 : 14;
  const hollow = { l: length - 2 * wall, w: width - 2 * wall, h: height - 2 * wall };
  model.box(material, [length, width, height], {
    fill,
    cuts: roundedBoxCuts(length, width, height, corner, edge),
  });
  model.box(material, [hollow.l, hollow.w, hollow.h], {
    fill: -fill,
    cuts: roundedBoxCuts(hollow.l, hollow.w, hollow.h, corner - wall, edge - wall),
  });
  if (isHard) {
    const ribs = random.integer(4, 11);
    for (const side of [-1, 1]) {
      for (let rib = 0; rib < ribs; rib++) {
        const y = ((rib + 0.5) / ribs - 0.5) * width * 0.86;
        const at = translation(0, y, (side * height) / 2);
        model.box(material, [length * 0.86, random.range(3, 7), 1.6], { at });
      }
    }
  } else {
    // Stiffening boards, wadding and pockets of a soft case.
    const board = translation(0, 0, -height / 2 + 5);
    model.box('polyethylene', [length * 0.94, width * 0.94, 2], { at: board });
    for (let pocket = 0; pocket < random.integer(1, 2); pocket++) {
      const at = translation(length * (pocket * 0.4 - 0.2), 0, height / 2 + 3);
      const size = [length * random.range(0.25, 0.5), width * random.range(0.6, 0.85)] as const;
      const rim = roundedRectangle(size[0], size[1], 20, 3);
      const inner = roundedRectangle(size[0] - 8, size[1] - 8, 18, 3);
      model.prism('nylon', [rim, inner], 6, { at, fill: 0.5 });
      model.box('nylon', [size[0], size[1], 1], { at, fill: 0.7 });
    }
  }
  addLining(model, form, random);
  return model;
}

/** Lining and mesh pockets: thin cloth in folds over both halves. */
function addLining(model: SolidModel, form: CaseForm, random: RandomStream): void {
  for (const side of [-1, 1]) {
    model.sheet(
      random.pick(['nylon', 'pvc', 'nylon-glass']),
      {
        halfWidth: form.length * 0.48,
        halfDepth: form.width * 0.48,
        thickness: random.range(1.5, 4),
        roughness: random.range(0.6, 1.2),
        texture: 'folds',
        textureLength: [random.range(150, 420), random.range(150, 420)],
        textureOffset: [random.next(), random.next()],
        grain: random.range(0.1, 0.4),
        grainLength: random.range(220, 420),
        edgeSoftness: 0.1,
        edgeRoughness: 0.05,
      },
      { at: translation(0, 0, side * form.height * 0.4), fill: 0.6 },
    );
  }
}

/** Rims, piping and wires that run round the case at its edges. */
function frames(form: CaseForm, random: RandomStream): SolidModel {
  const model = new SolidModel('bag frame');
  const { length, width, height, corner, isHard } = form;
  const outline = roundedRectangle(length - 4, width - 4, corner, 5);
  for (const side of [-1, 1]) {
    const path = closedPath(outline, side * height * random.range(0.36, 0.48));
    if (!isHard || random.chance(0.35)) {
      model.tube(random.pick(['pvc', 'pvc', 'polyethylene']), path, random.range(2, 3.4));
    }
    if (!isHard || random.chance(0.3)) {
      model.tube(random.pick(['steel', 'steel', 'aluminium']), path, random.range(1.1, 1.8));
    }
  }
  if (isHard && random.chance(0.35)) {
    const inner = roundedRectangle(length - 12, width - 12, corner, 5);
    for (const z of [-5, 5]) {
      model.prism('aluminium', [outline, inner], 7, { at: translation(0, 0, z), fill: 0.45 });
    }
  }
  // The inner back plate and the cross bars that stiffen it.
  model.box('polyethylene', [length * 0.9, width * 0.88, random.range(0.8, 2)], {
    at: translation(0, 0, -height / 2 + 9),
  });
  const bars = random.integer(0, 3);
  for (let bar = 0; bar < bars; bar++) {
    const at = translation(length * random.range(-0.4, 0.4), 0, -height / 2 + 7);
    const material = random.pick(['pvc', 'abs', 'polyethylene', 'aluminium']);
    model.box(material, [random.range(10, 34), width * 0.85, 2.2], { at });
  }
  return model;
}

function zips(form: CaseForm, random: RandomStream): SolidModel {
  const model = new SolidModel('zip');
  const { length, width, height, corner, isHard } = form;
  const count = isHard ? 1 : random.integer(1, 3);
  for (let zip = 0; zip < count; zip++) {
    const z = zip === 0 ? random.range(-10, 10) : height * random.range(0.2, 0.42);
    const path = closedPath(roundedRectangle(length, width, corner, 6), z);
    const isMetal = random.chance(0.2);
    const teeth: MaterialName = isMetal ? random.pick(['aluminium', 'brass']) : 'pvc';
    addZip(
      model,
      path,
      {
        teeth,
        toothWidth: isMetal ? 4.6 : 6,
        pitch: isMetal ? 2.4 : 1.8,
        sliders: 2,
        slider: random.pick(['steel', 'brass']),
      },
      random,
    );
  }
  if (random.chance(0.6)) {
    // The divider's or an inner pocket's zip.
    const y = width * random.range(-0.3, 0.3);
    const path = smoothPath(
      [
        [-length * 0.38, y, 0],
        [0, y + 8, 4],
        [length * 0.38, y, 0],
      ],
      10,
    );
    const form2 = {
      teeth: 'nylon',
      toothWidth: 5,
      pitch: 1.7,
      sliders: 1,
      slider: 'steel',
    } as const;
    addZip(model, path, form2, random);
  }
  return model;
}
