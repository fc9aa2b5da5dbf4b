import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { en, errorWords } from '../../src-renderer/messages/en';
import { reasonSentence, shortReason } from '../../src-renderer/ui/error-words';

const folder = path.resolve(import.meta.dirname, '..', '..', 'src-renderer');
const sources = readdirSync(folder, { recursive: true, encoding: 'utf8' })
  .filter((file) => /\.(svelte|ts)$/.test(file) && !file.endsWith('en.ts'))
  .map((file) => readFileSync(path.join(folder, file), 'utf8'))
  .join('\n');

/** Keys that are put together from a state's or a role's name. */
const BUILT = [...sources.matchAll(/t\(`([a-z.A-Z]+\.)\$\{/g)].map((match) => match[1] ?? '');

test('every message of the catalogue is used', () => {
  const unused = Object.keys(en).filter(
    (key) => !sources.includes(`'${key}'`) && !BUILT.some((start) => key.startsWith(start)),
  );
  expect(unused).toEqual([]);
});

test('no message shouts or blames, and none shows an error code', () => {
  for (const words of [...Object.values(en), ...Object.values(errorWords)]) {
    const said = typeof words === 'string' ? words : words.toString();
    expect(said).not.toMatch(/[a-z]!(\s|'|`|$)/);
    expect(said).not.toMatch(/ERR_|failed to|invalid|illegal/i);
  }
});

describe('an error', () => {
  test('is said in the screener’s words', () => {
    const error = {
      code: 'file-truncated',
      message: 'Expected 88,000 bytes, found 12,000.',
    } as const;
    expect(shortReason(error)).toBe('the file is cut short');
    expect(reasonSentence(error)).toBe('The file is cut short.');
  });

  test('without words of its own keeps the message given', () => {
    const error = { code: 'credentials-too-weak', message: 'Choose six digits or more.' } as const;
    expect(reasonSentence(error)).toBe('Choose six digits or more.');
  });
});

describe('the colours of both themes', () => {
  const tokens = readFileSync(path.join(folder, 'styles', 'tokens.css'), 'utf8');
  const block = (selector: string) =>
    tokens.slice(tokens.indexOf(`${selector} {`)).split('}')[0] ?? '';
  const colours = (css: string) =>
    new Map(
      [...css.matchAll(/--([a-z-]+): (#[0-9a-f]{6});/g)].map(([, name = '', colour = '']) => [
        name,
        colour,
      ]),
    );
  const themes = {
    dark: colours(block(':root')),
    light: colours(block(":root[data-theme='light']")),
  };

  const pairs = ['background', 'panel', 'raised'].flatMap((ground) =>
    ['text', 'muted', 'alarm', 'amber', 'green'].map((text) => [text, ground] as const),
  );
  pairs.push(['amber', 'amber-ground'], ['alarm', 'alarm-ground'], ['green', 'green-ground']);
  pairs.push(
    ['text', 'alarm-ground'],
    ['text', 'amber-ground'],
    ['on-amber', 'amber'],
    ['on-focus', 'focus'],
  );

  test.each(Object.keys(themes) as (keyof typeof themes)[])(
    '%s: text at 4.5:1 or more',
    (theme) => {
      const low = pairs.flatMap(([text, ground]) => {
        const ratio = contrast(themes[theme].get(text) ?? '', themes[theme].get(ground) ?? '');
        return ratio >= 4.5 ? [] : [`${text} on ${ground}: ${ratio.toFixed(2)}`];
      });
      expect(low).toEqual([]);
    },
  );
});

/** WCAG 2's contrast ratio of two hex colours. */
function contrast(one: string, other: string): number {
  const [high = 0, low = 0] = [luminance(one), luminance(other)].sort((a, b) => b - a);
  return (high + 0.05) / (low + 0.05);
}

function luminance(hex: string): number {
  if (!/^#[0-9a-f]{6}$/.test(hex)) throw new Error(`"${hex}" is no colour token.`);
  const value = Number.parseInt(hex.slice(1), 16);
  const [red = 0, green = 0, blue = 0] = [value >> 16, (value >> 8) & 255, value & 255].map(
    (part) => {
      const share = part / 255;
      return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
    },
  );
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}
