import { expect, test } from 'vitest';
import { soundSteps } from '../../src-renderer/viewer/sound-steps';
import { ORIGINAL_STEPS } from '../../src-shared/imaging/display/display-steps';

test('steps come back as they were kept', () => {
  for (const steps of [
    ORIGINAL_STEPS,
    { ...ORIGINAL_STEPS, colour: 'grey', edges: true, gamma: 2.2 },
    { ...ORIGINAL_STEPS, material: 'metal', density: { from: 0.5, to: 2 } },
  ]) {
    expect(soundSteps(JSON.parse(JSON.stringify(steps)))).toEqual(steps);
  }
});

test.each([
  null,
  undefined,
  7,
  { colour: 'sepia' },
  { material: 'paper' },
  { density: { from: 2, to: 1 } },
  { density: { from: 0 } },
  { negative: 'yes' },
  { gamma: 0 },
  { gamma: null },
])('what is none is not shown: %j', (kept) => {
  expect(soundSteps(kept)).toBeNull();
});

test('a step that an older program did not know is off', () => {
  expect(soundSteps({ colour: 'grey' })).toEqual({ ...ORIGINAL_STEPS, colour: 'grey' });
});
