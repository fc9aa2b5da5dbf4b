import { expect, test } from 'vitest';
import { COMMANDS } from '../../src-renderer/keys/command-keys';
import { strokeAria, strokeWords, strokesOf } from '../../src-renderer/keys/key-stroke';
import {
  clashes,
  commandOf,
  KEY_PROFILES,
  keymapOf,
  soundHabit,
  takenBy,
} from '../../src-renderer/keys/keymap';
import { commandWords } from '../../src-renderer/messages/en';

const pressed = (
  key: string,
  held: Partial<Record<'ctrlKey' | 'shiftKey' | 'altKey' | 'metaKey', boolean>> = {},
  location = 0,
) => ({ key, ctrlKey: false, shiftKey: false, altKey: false, metaKey: false, location, ...held });

const NUMBER_PAD = 3;
const standard = keymapOf('standard', {});

test.each(KEY_PROFILES)('no two commands share a key in the %s profile', (profile) => {
  expect(clashes(keymapOf(profile, {}))).toEqual([]);
});

test('a shared key is found', () => {
  expect(clashes(keymapOf('standard', { note: ['c'] }))).toEqual([['clear', 'note']]);
});

test('a key gives its command whatever Caps Lock says', () => {
  expect(commandOf(standard, pressed('c'))).toBe('clear');
  expect(commandOf(standard, pressed('C'))).toBe('clear');
  expect(commandOf(standard, pressed('C', { shiftKey: true }))).toBe('clear');
  expect(commandOf(standard, pressed('Backspace'))).toBe('recall');
  expect(commandOf(standard, pressed('='))).toBe('zoomIn');
});

test('a key with Ctrl or Alt is another key', () => {
  expect(commandOf(standard, pressed('o'))).toBe('opacity');
  expect(commandOf(standard, pressed('o', { ctrlKey: true }))).toBe('open');
  expect(commandOf(standard, pressed('c', { ctrlKey: true }))).toBeNull();
  expect(commandOf(standard, pressed('s', { altKey: true }))).toBeNull();
});

test('a key of the number pad, or with Shift, is its own where something has it', () => {
  const changed = keymapOf('standard', { note: ['Pad 7'], undo: ['Shift+c'] });
  expect(commandOf(changed, pressed('7', {}, NUMBER_PAD))).toBe('note');
  expect(commandOf(changed, pressed('1', {}, NUMBER_PAD))).toBe('imageOriginal');
  expect(commandOf(changed, pressed('C', { shiftKey: true }))).toBe('undo');
  expect(commandOf(changed, pressed('C'))).toBe('clear');
});

test('keys that move the focus or press what has it are never a command', () => {
  for (const key of ['Tab', 'Escape', 'Enter', ' ', 'ArrowLeft', 'Shift', 'Control']) {
    expect(strokesOf(pressed(key)), key).toEqual([]);
  }
  expect(strokesOf(pressed('Enter', {}, NUMBER_PAD))).toEqual(['Pad Enter']);
});

test('a person’s change replaces the profile’s key and no other', () => {
  const changed = keymapOf('leftHanded', { clear: ['F2'] });
  expect(commandOf(changed, pressed('F2'))).toBe('clear');
  expect(commandOf(changed, pressed('j'))).toBeNull();
  expect(commandOf(changed, pressed('l'))).toBe('search');
});

test.each(KEY_PROFILES)('every command has a key to show in the %s profile', (profile) => {
  const keymap = keymapOf(profile, {});
  for (const command of COMMANDS) {
    expect(strokeWords(keymap[command][0])).not.toBe('');
    expect(commandWords[command]).not.toBe('');
  }
});

test('a stroke in words, on screen and for a screen reader', () => {
  expect(strokeWords('Ctrl+l')).toBe('Ctrl L');
  expect(strokeWords('-')).toBe('−');
  expect(strokeWords('Pad +')).toBe('Pad +');
  expect(strokeWords('Ctrl++')).toBe('Ctrl +');
  expect(strokeAria('Ctrl+l')).toBe('Control+L');
  expect(strokeAria('+')).toBe('Plus');
  expect(strokeAria('Pad 7')).toBe('7');
});

test('what a person kept is taken up, but for what no longer holds', () => {
  expect(soundHabit({ profile: 'leftHanded', edits: { clear: ['F2'] } })).toEqual({
    profile: 'leftHanded',
    edits: { clear: ['F2'] },
  });
  // s belongs to search, and there is no command of the other name.
  expect(soundHabit({ profile: 'standard', edits: { note: ['s'], gone: ['F2'] } }).edits).toEqual(
    {},
  );
  // Two commands may have changed places.
  const swapped = { search: ['n'], note: ['s'] };
  expect(soundHabit({ profile: 'standard', edits: swapped }).edits).toEqual(swapped);
  for (const rubbish of [
    null,
    7,
    'c',
    [],
    { profile: 'other', edits: 'c' },
    { edits: { clear: [7] } },
  ]) {
    expect(soundHabit(rubbish)).toEqual({ profile: 'standard', edits: {} });
  }
});

test('a key that another command has is named, its own is free', () => {
  expect(takenBy(standard, 's', 'clear')).toBe('search');
  expect(takenBy(standard, 'c', 'clear')).toBeNull();
  expect(takenBy(standard, 'F2', 'clear')).toBeNull();
});
