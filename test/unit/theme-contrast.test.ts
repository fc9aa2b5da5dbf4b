import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';

const file = path.resolve(import.meta.dirname, '..', '..', 'src-renderer', 'styles', 'tokens.css');
const css = readFileSync(file, 'utf8');

/** The hex colours of the roles in the first rule of a selector. */
function rolesOf(selector: string): Map<string, string> {
  const from = css.indexOf(`${selector} {`);
  const rule = css.slice(from, css.indexOf('}', from));
  return new Map(
    [...rule.matchAll(/--([\w-]+): (#[\da-f]{6});/g)].map(([, name, hex]) => [
      name ?? '',
      hex ?? '',
    ]),
  );
}

const dark = rolesOf(':root');
const light = rolesOf(":root[data-theme='light']");

function luminance(hex: string): number {
  const value = Number.parseInt(hex.slice(1), 16);
  const [red = 0, green = 0, blue = 0] = [value >> 16, (value >> 8) & 255, value & 255].map(
    (part) => {
      const share = part / 255;
      return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
    },
  );
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

/** WCAG 2's contrast ratio of two roles. */
function contrast(roles: Map<string, string>, one: string, other: string): number {
  const [a, b] = [one, other].map((role) => {
    const hex = roles.get(role);
    if (hex === undefined) throw new Error(`The theme gives no colour for ${role}.`);
    return luminance(hex) + 0.05;
  });
  return Math.max(a ?? 0, b ?? 0) / Math.min(a ?? 0, b ?? 0);
}

test('both themes give a colour to the same roles', () => {
  expect([...light.keys()].sort()).toEqual([...dark.keys()].sort());
  expect(dark.size).toBeGreaterThan(15);
});

describe.each([
  ['dark', dark],
  ['light', light],
])('the %s theme', (_, roles) => {
  const grounds = ['background', 'panel', 'raised'];
  const inks = ['text', 'muted', 'alarm', 'amber', 'green'];

  test.each(inks.flatMap((ink) => grounds.map((ground) => [ink, ground] as const)))(
    'writes %s on %s at 4.5:1 or more',
    (ink, ground) => {
      expect(contrast(roles, ink, ground)).toBeGreaterThanOrEqual(4.5);
    },
  );

  test.each([
    ['alarm', 'alarm-ground'],
    ['text', 'alarm-ground'],
    ['amber', 'amber-ground'],
    ['text', 'amber-ground'],
    ['green', 'green-ground'],
    ['on-focus', 'focus'],
    ['on-amber', 'amber'],
  ])('writes %s on %s at 4.5:1 or more', (ink, ground) => {
    expect(contrast(roles, ink, ground)).toBeGreaterThanOrEqual(4.5);
  });

  test.each(grounds)('shows where the focus is on %s at 3:1 or more', (ground) => {
    expect(contrast(roles, 'focus', ground)).toBeGreaterThanOrEqual(3);
  });
});

test('the dark theme is for a dim room: its grounds give off under 3 % of white, its text no glare', () => {
  for (const ground of [
    'background',
    'panel',
    'raised',
    'alarm-ground',
    'amber-ground',
    'green-ground',
  ]) {
    expect(luminance(dark.get(ground) ?? ''), ground).toBeLessThan(0.03);
  }
  expect(luminance(dark.get('text') ?? '')).toBeLessThan(0.85);
});
