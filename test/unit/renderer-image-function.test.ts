import { expect, test } from 'vitest';
import {
  adjustWindow,
  functionRule,
  groundOf,
  IMAGE_FUNCTIONS,
  whyUnavailable,
} from '../../src-renderer/viewer/image-function';
import { ORIGINAL_STEPS } from '../../src-shared/imaging/display/display-steps';

test('every function has a key of its own', () => {
  const commands = IMAGE_FUNCTIONS.map((name) => functionRule(name).command);
  expect(new Set(commands).size).toBe(IMAGE_FUNCTIONS.length);
});

test.each(IMAGE_FUNCTIONS.filter((name) => !['original', 'colour', 'gamma'].includes(name)))(
  '%s goes on with one press and off with the next, and leaves the rest alone',
  (name) => {
    const { isOn, press } = functionRule(name);
    const before = { ...ORIGINAL_STEPS, negative: name !== 'negative', gamma: 1.5 };
    const on = press(before, 'dual-energy');
    expect([isOn(before), isOn(on)]).toEqual([false, true]);
    expect(press(on, 'dual-energy')).toEqual(before);
  },
);

test('gamma goes through its settings and back to none', () => {
  const { press, isOn } = functionRule('gamma');
  let steps = ORIGINAL_STEPS;
  const gammas = Array.from({ length: 4 }, () => (steps = press(steps, 'rgb')).gamma);
  expect(gammas).toEqual([1.5, 2.2, 0.7, 1]);
  expect(isOn(steps)).toBe(false);
});

test('the original takes back everything at once', () => {
  const all = IMAGE_FUNCTIONS.filter((name) => name !== 'original').reduce(
    (steps, name) => functionRule(name).press(steps, 'dual-energy'),
    ORIGINAL_STEPS,
  );
  expect(functionRule('original').isOn(all)).toBe(false);
  expect(functionRule('original').press(all, 'dual-energy')).toEqual(ORIGINAL_STEPS);
});

test('what tells materials apart needs two energies, and nothing else does', () => {
  const missing = (kind: 'single-energy' | 'rgb') =>
    IMAGE_FUNCTIONS.filter((name) => whyUnavailable(name, kind) !== null);
  const material = ['colour', 'organic', 'inorganic', 'metal', 'safe'];
  expect(missing('single-energy')).toEqual(material);
  expect(missing('rgb')).toEqual(material);
  expect(IMAGE_FUNCTIONS.every((name) => whyUnavailable(name, 'dual-energy') === null)).toBe(true);
  expect(whyUnavailable('metal', 'rgb')).toBe('scanner-colours');
  expect(whyUnavailable('metal', 'single-energy')).toBe('one-energy');
});

test('a negative lies on black, everything else on white', () => {
  expect(groundOf(ORIGINAL_STEPS)).toBe('light');
  expect(groundOf({ ...ORIGINAL_STEPS, negative: true })).toBe('dark');
});

test('the density window moves and widens within the range, and never closes', () => {
  const start = { ...ORIGINAL_STEPS, density: { from: 1, to: 2 } };
  const moved = adjustWindow(start, 'dual-energy', 1 / 7, 0).density;
  if (typeof moved === 'string') throw new Error('a window was set');
  expect(moved.from).toBeCloseTo(2, 9);
  expect(moved.to).toBeCloseTo(3, 9);
  expect(adjustWindow(start, 'dual-energy', -1, 0).density).toEqual({ from: 0, to: 1 });
  expect(adjustWindow(start, 'dual-energy', 1, 0).density).toEqual({ from: 6, to: 7 });
  expect(adjustWindow(start, 'dual-energy', 0, 5).density).toEqual({ from: 0, to: 7 });
  const closed = adjustWindow(start, 'rgb', 0, -5).density;
  if (typeof closed === 'string') throw new Error('a window was set');
  expect(closed.to - closed.from).toBeCloseTo(0.2, 9);
});
