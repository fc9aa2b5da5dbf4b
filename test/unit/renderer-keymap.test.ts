import { expect, test } from 'vitest';
import {
  ariaKey,
  clashes,
  commandOf,
  COMMANDS,
  defaultKeymap,
  keyWords,
} from '../../src-renderer/keys/keymap';
import { commandWords } from '../../src-renderer/messages/en';

const pressed = (
  key: string,
  held: Partial<Record<'ctrlKey' | 'altKey' | 'metaKey', boolean>> = {},
) => ({
  key,
  ctrlKey: false,
  altKey: false,
  metaKey: false,
  ...held,
});

test('no two commands share a key', () => {
  expect(clashes(defaultKeymap)).toEqual([]);
  expect(clashes({ ...defaultKeymap, note: [{ key: 'c' }] })).toEqual([['clear', 'note']]);
});

test('a key gives its command whatever Caps Lock says', () => {
  expect(commandOf(defaultKeymap, pressed('c'))).toBe('clear');
  expect(commandOf(defaultKeymap, pressed('C'))).toBe('clear');
  expect(commandOf(defaultKeymap, pressed('Backspace'))).toBe('recall');
  expect(commandOf(defaultKeymap, pressed('='))).toBe('zoomIn');
});

test('a key with Ctrl or Alt is another key', () => {
  expect(commandOf(defaultKeymap, pressed('o'))).toBe('opacity');
  expect(commandOf(defaultKeymap, pressed('o', { ctrlKey: true }))).toBe('open');
  expect(commandOf(defaultKeymap, pressed('c', { ctrlKey: true }))).toBeNull();
  expect(commandOf(defaultKeymap, pressed('s', { altKey: true }))).toBeNull();
});

test('every command has a key to show and words for the overlay', () => {
  for (const command of COMMANDS) {
    expect(keyWords(defaultKeymap, command)).not.toBe('');
    expect(commandWords[command]).not.toBe('');
  }
  expect(keyWords(defaultKeymap, 'lock')).toBe('Ctrl L');
  expect(ariaKey(defaultKeymap, 'lock')).toBe('Control+L');
  expect(ariaKey(defaultKeymap, 'zoomIn')).toBe('Plus');
});
