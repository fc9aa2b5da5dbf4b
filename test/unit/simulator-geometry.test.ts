import { describe, expect, test } from 'vitest';
import {
  applyToPoint,
  chain,
  compose,
  IDENTITY,
  invert,
  rotation,
  scaling,
  translation,
  type Affine,
  type Vector,
} from '../../src-lab/simulator/geometry/affine';
import { ellipse } from '../../src-lab/simulator/geometry/outlines';
import { SolidModel } from '../../src-lab/simulator/geometry/solid-model';
import { packBag } from '../../src-lab/simulator/bags/pack-bag';
import { RandomStream } from '../../src-lab/simulator/random-stream';
import { makeThreat } from '../../src-lab/simulator/threats/make-threat';
import { DEFAULT_SCANNER } from '../../src-lab/simulator/physics/scanner';
import { attenuationPerCm } from '../../src-lab/simulator/physics/materials';
import { Projector, type PictureGeometry } from '../../src-lab/simulator/project-solids';

const SIDE = 160;
const GEOMETRY: PictureGeometry = {
  widthPx: SIDE,
  heightPx: SIDE,
  pixelPitchMm: 1,
  firstX: -SIDE / 2 + 0.5,
  stepX: 1,
  firstY: -SIDE / 2 + 0.5,
  sourceY: 0,
  sourceToBeltMm: 700,
};

/** Path length in mm of material in every pixel, from the first bin's attenuation. */
function pathPlane(model: SolidModel, pose: Affine, geometry = GEOMETRY): Float64Array {
  const { binsKev } = DEFAULT_SCANNER.beam;
  const projector = new Projector(geometry, binsKev);
  projector.project(model, pose);
  const perMm = attenuationPerCm('water', binsKev[0] ?? 0) / 10;
  return Float64Array.from(
    { length: geometry.widthPx * geometry.heightPx },
    (_, pixel) => (projector.planes.values[pixel * binsKev.length] ?? 0) / perMm,
  );
}

/** Parts of a pixel by which the picture is shifted, so that flat edges do not fall on its grid. */
const SHIFTS = [0, 0.25, 0.5, 0.75];

/**
 * Volume seen by the fan: the sum of path · pixel area, each corrected by the cosine of its ray
 * and by the fan's magnification at the object's height; the mean of shifted pictures.
 */
function volumeOf(model: SolidModel, pose: Affine, heightMm: number): number {
  const magnified = (700 + heightMm) / 700;
  let volume = 0;
  for (const shift of SHIFTS) {
    const geometry = {
      ...GEOMETRY,
      firstX: GEOMETRY.firstX + shift,
      firstY: GEOMETRY.firstY + shift,
    };
    pathPlane(model, pose, geometry).forEach((path, pixel) => {
      const y = Math.floor(pixel / SIDE) + geometry.firstY;
      volume += path * (700 / Math.hypot(700, y)) * magnified;
    });
  }
  return volume / SHIFTS.length;
}

const POSES: [string, Affine][] = [
  ['upright', IDENTITY],
  ['tipped', chain(rotation('x', 0.7), rotation('y', 0.4))],
  ['on its side', rotation('x', Math.PI / 2)],
  ['askew', chain(rotation('z', 1.1), rotation('y', 1.2), rotation('x', 2.1))],
];

describe.each(POSES)('the volume of a solid that lies %s', (_, turn) => {
  const pose = compose(translation(0, 0, 100), turn);
  const solids: [string, SolidModel, number][] = [
    ['box', new SolidModel('box').box('water', [50, 30, 20]), 50 * 30 * 20],
    [
      'ellipsoid',
      new SolidModel('e').ellipsoid('water', [30, 20, 12]),
      (4 / 3) * Math.PI * 30 * 20 * 12,
    ],
    ['cylinder', new SolidModel('c').cylinder('water', 15, 50), Math.PI * 225 * 50],
    [
      'cone',
      new SolidModel('k').cylinder('water', [20, 5], 40),
      ((Math.PI * 40) / 3) * (400 + 100 + 25),
    ],
    ['pipe', new SolidModel('p').pipe('water', 18, 5, 50), Math.PI * (18 * 18 - 13 * 13) * 50],
    [
      'concave prism with a hole',
      new SolidModel('l').prism(
        'water',
        [
          [
            [-30, -20],
            [30, -20],
            [30, 0],
            [0, 0],
            [0, 20],
            [-30, 20],
          ],
          [
            [-25, -15],
            [-15, -15],
            [-15, -5],
            [-25, -5],
          ],
        ],
        16,
      ),
      (60 * 20 + 30 * 20 - 100) * 16,
    ],
    [
      'half ellipsoid',
      new SolidModel('h').ellipsoid('water', [30, 20, 20], {
        cuts: [{ normal: [0, 0, 1], offset: 0 }],
      }),
      (2 / 3) * Math.PI * 30 * 20 * 20,
    ],
    [
      'bevelled prism',
      new SolidModel('b').prism(
        'water',
        [
          [
            [0, -10],
            [50, -10],
            [50, 10],
            [0, 10],
          ],
        ],
        6,
        {
          at: translation(-25, 0, 0),
          cuts: [-1, 1].map((side) => ({
            normal: [0, -3 / 20, side] as const,
            offset: (3 / 20) * 10,
          })),
        },
      ),
      50 * 20 * 6 * 0.5,
    ],
    [
      'disc of many sides',
      new SolidModel('d').prism('water', [ellipse(24, 24, [0, 0], 96)], 10),
      Math.PI * 24 * 24 * 10,
    ],
  ];
  test.each(solids)('%s', (_name, model, volume) => {
    const seen = volumeOf(model, pose, 100);
    expect(Math.abs(seen / volume - 1)).toBeLessThan(0.015);
  });
});

test('the ray through the middle of a sphere is its diameter long', () => {
  const paths = pathPlane(
    new SolidModel('s').ellipsoid('water', [25, 25, 25]),
    translation(0.5, 0, 80),
  );
  expect(Math.max(...paths)).toBeCloseTo(50, 1);
});

test('only the fan axis magnifies: an object nearer to the source grows across the belt alone', () => {
  const model = new SolidModel('plate').box('water', [40, 40, 0.5]);
  const extents = (height: number) => {
    const paths = pathPlane(model, translation(0, 0, height));
    const columns = new Set<number>();
    const rows = new Set<number>();
    paths.forEach((path, pixel) => {
      if (path <= 0.2) return;
      columns.add(pixel % SIDE);
      rows.add(Math.floor(pixel / SIDE));
    });
    return { along: columns.size, across: rows.size };
  };
  const onBelt = extents(0);
  const above = extents(300);
  const below = extents(-200);
  expect(onBelt).toEqual({ along: 40, across: 40 });
  expect(above.along).toBe(40);
  expect(below.along).toBe(40);
  expect(above.across).toBe(Math.round((40 * 700) / 1000));
  expect(below.across).toBe(Math.round((40 * 700) / 500));
});

test('the picture turns over where the belt runs the other way', () => {
  const model = new SolidModel('wedge').box('water', [20, 10, 10], { at: translation(30, 0, 0) });
  const forward = pathPlane(model, IDENTITY);
  const backward = pathPlane(model, IDENTITY, { ...GEOMETRY, firstX: -GEOMETRY.firstX, stepX: -1 });
  for (let row = 0; row < SIDE; row++) {
    for (let column = 0; column < SIDE; column++) {
      const mirrored = row * SIDE + (SIDE - 1 - column);
      expect(backward[row * SIDE + column]).toBeCloseTo(forward[mirrored] ?? NaN, 9);
    }
  }
});

test('affine maps compose and invert', () => {
  const map = chain(
    translation(3, -2, 7),
    rotation('y', 0.3),
    scaling(2, 3, 0.5),
    rotation('x', 1),
  );
  const point: Vector = [1.5, -4, 2];
  const there = applyToPoint(map, point);
  const back = applyToPoint(invert(map), there);
  point.forEach((value, axis) => expect(back[axis]).toBeCloseTo(value, 10));
  const stepwise = applyToPoint(
    translation(3, -2, 7),
    applyToPoint(
      rotation('y', 0.3),
      applyToPoint(scaling(2, 3, 0.5), applyToPoint(rotation('x', 1), point)),
    ),
  );
  there.forEach((value, axis) => expect(value).toBeCloseTo(stepwise[axis] ?? NaN, 10));
  expect(() => invert(scaling(1, 1, 0))).toThrow(RangeError);
});

describe('no object gives light', () => {
  const poses = [
    IDENTITY,
    rotation('x', Math.PI / 2 - 0.02),
    rotation('y', Math.PI / 2 - 0.02),
    chain(rotation('x', 0.8), rotation('y', 0.6)),
  ];
  const least = (model: SolidModel): number => {
    let lowest = 0;
    for (const pose of poses) {
      const side = 350;
      const geometry = {
        ...GEOMETRY,
        widthPx: side,
        heightPx: side,
        pixelPitchMm: 2,
        stepX: 2,
        firstX: -side,
        firstY: -side,
      };
      const projector = new Projector(geometry, [60]);
      projector.project(model, compose(translation(0, 0, 100), pose));
      for (const value of projector.planes.values) if (value < lowest) lowest = value;
    }
    return lowest;
  };
  // A hollow that reaches out of its solid would attenuate less than nothing.
  test.each(['gun', 'gun-part', 'knife'] as const)('threats: %s', (kind) => {
    for (let n = 0; n < 16; n++) {
      expect(least(makeThreat(kind, new RandomStream(['light', n])).model)).toBeGreaterThan(-1e-4);
    }
  });

  test('everything in packed bags', () => {
    for (let n = 0; n < 3; n++) {
      for (const { model } of packBag(new RandomStream(['packed', n])).objects) {
        expect([model.className, least(model) > -1e-4]).toEqual([model.className, true]);
      }
    }
  });
});
