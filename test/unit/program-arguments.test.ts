import { resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readProgramArguments } from '../../src-main/app/program-arguments';

const folder = '/opt/phiscan';

describe('readProgramArguments', () => {
  it('skips Chromium’s switches and the program’s folder in a checkout', () => {
    const argv = [
      'electron',
      '--no-sandbox',
      '--inspect=0',
      folder,
      '--user-data-dir=/u',
      'a.png',
      'b',
    ];
    expect(readProgramArguments(argv, folder)).toMatchObject({
      positional: ['a.png', 'b'],
      userDataFolder: resolve('/u'),
      demonstrate: false,
    });
  });

  it('finds the folder by what it names, not by its place', () => {
    const argv = ['electron', '-r', 'loader.js', `${folder}/../phiscan/`, 'score', 'x.png'];
    expect(readProgramArguments(argv, folder).own).toEqual(['score', 'x.png']);
  });

  it('gives a package’s command its own options untouched', () => {
    const argv = ['phiscan', '--no-sandbox', 'score', 'x.png', '--json', '--phi', '0.3'];
    expect(readProgramArguments(argv, null).own).toEqual([
      'score',
      'x.png',
      '--json',
      '--phi',
      '0.3',
    ]);
    expect(readProgramArguments(['phiscan', '--help'], null).own).toEqual(['--help']);
  });

  it('reads a demonstration and its folder, in either form', () => {
    for (const given of [['--out', 'o'], ['--out=o']]) {
      expect(readProgramArguments(['phiscan', '--demonstrate', ...given], null)).toMatchObject({
        demonstrate: true,
        outFolder: resolve('o'),
        positional: [],
      });
    }
  });

  it('names nothing when nothing is given', () => {
    expect(readProgramArguments(['phiscan'], null)).toEqual({
      positional: [],
      own: [],
      userDataFolder: null,
      demonstrate: false,
      outFolder: null,
    });
  });
});
