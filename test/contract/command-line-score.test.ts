import {
  chmod,
  mkdir,
  mkdtemp,
  readFile,
  readdir,
  rm,
  truncate,
  writeFile,
} from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { decode } from 'fast-png';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { ModelBundle } from '../../src-shared/domain/model-bundle';
import { calibrate } from '../../src-shared/screening/calibration';
import { runCommand, runCommandListening } from '../fixtures/run-command';
import { writeSmallBundle } from '../fixtures/small-bundle';
import { writeSmallScan } from '../fixtures/small-scan';

let folder: string;
let scan: string;
let calibrated: ModelBundle;
let uncalibrated: ModelBundle;
let alarming: ModelBundle;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'phiscan-cli-'));
  scan = await writeSmallScan(folder, 'bag.png');
  uncalibrated = await writeSmallBundle(join(folder, 'models'));
  const about = {
    scannerKinds: ['rgb-export'],
    pixelKinds: ['rgb'],
    benignSet: 'made up',
  } as const;
  const maxima = (highest: number) =>
    Array.from({ length: 40 }, (_, i) => (highest * (i + 1)) / 40);
  const scored = await runCommand('score', scan, '--json', '--model', uncalibrated.directory);
  const ofScan = scored.json()[0]?.['anomalyScoreMax'] as number;
  calibrated = await writeSmallBundle(join(folder, 'calm'), {
    calibration: calibrate(maxima(ofScan * 1000), about),
  });
  alarming = await writeSmallBundle(join(folder, 'alarming'), {
    calibration: calibrate(maxima(ofScan / 1000), about),
  });
});

afterAll(() => rm(folder, { recursive: true, force: true }));

const inFolder = (name: string) => join(folder, name);

describe('score --json', () => {
  test('prints exactly the documented keys for a scored view', async () => {
    const run = await runCommand('score', scan, '--json', '--model', alarming.directory);
    expect(run.exitCode).toBe(0);
    const [line, ...others] = run.json();
    expect(others).toEqual([]);
    expect(Object.keys(line ?? {})).toEqual([
      'scan',
      'view',
      'widthPx',
      'heightPx',
      'tiles',
      'anomalyScoreMax',
      'displayScoreMax',
      'alarm',
      'regions',
      'opaque',
      'calibrated',
      'engine',
      'model',
      'elapsedMs',
    ]);
    expect(line).toMatchObject({
      scan,
      view: 0,
      widthPx: 96,
      heightPx: 80,
      tiles: { count: 20, strideX: 16, strideY: 16 },
      displayScoreMax: 1,
      alarm: true,
      calibrated: true,
      engine: 'onnx',
      model: alarming.manifest.id,
    });
    const regions = line?.['regions'] as Record<string, unknown>[];
    expect(Object.keys(regions[0] ?? {})).toEqual(['x', 'y', 'width', 'height', 'displayScore']);
  });

  test('φ decides what alarms', async () => {
    const argv = ['score', scan, '--json', '--model', alarming.directory, '--phi'];
    const [below] = (await runCommand(...argv, '0.99')).json();
    const [at] = (await runCommand(...argv, '1')).json();
    expect([below?.['alarm'], at?.['alarm']]).toEqual([true, false]);
    const calm = await runCommand('score', scan, '--json', '--model', calibrated.directory);
    expect(calm.json()[0]).toMatchObject({ alarm: false, regions: [] });
  });

  test('a bundle without a scale prints raw scores and never "no alarm"', async () => {
    const run = await runCommand('score', scan, '--json', '--model', uncalibrated.directory);
    expect(run.json()[0]).toMatchObject({
      displayScoreMax: null,
      alarm: null,
      regions: [],
      calibrated: false,
    });
    expect(run.exitCode).toBe(3);
    expect(run.stderr).toContain('not calibrated');
  });

  test('a scanner that the calibration does not cover is said so', async () => {
    const argv = ['score', scan, '--json', '--model', calibrated.directory, '--scanner', 'other'];
    const run = await runCommand(...argv);
    expect(run.json()[0]).toMatchObject({ calibrated: false, alarm: false });
    expect(run.stderr).toContain('Not calibrated for this scanner');
  });
});

describe('score for people', () => {
  test('prints a row a view and what φ means', async () => {
    const run = await runCommand('score', scan, '--model', alarming.directory);
    expect(run.stdout).toContain('▲ alarm');
    expect(run.stdout).toContain('rarer than 1 in 40');
    expect(run.stdout).toContain('1 scan: 1 alarm, 0 no alarm, 0 not scored.');
    expect(run.stdout).toContain('about 1 benign bag in 10 alarms');
  });

  test('overlays have the view’s size, its heat and its frames', async () => {
    const out = inFolder('overlays');
    await runCommand('score', scan, '--model', alarming.directory, '--overlay', out);
    const [name = '', ...others] = await readdir(out);
    expect(name).toMatch(/__bag\.png-view0\.png$/);
    expect(others).toEqual([]);
    const drawn = decode(await readFile(join(out, name)));
    expect([drawn.width, drawn.height]).toEqual([96, 80]);
    const source = decode(await readFile(scan));
    const [region] = (
      await runCommand('score', scan, '--json', '--model', alarming.directory)
    ).json()[0]?.['regions'] as { x: number; y: number }[];
    // Casing, then the magenta line, from the region's corner inwards.
    const at = ((region?.y ?? 0) + 1) * 96 + (region?.x ?? 0) + 1;
    expect([...drawn.data.subarray(at * 3, at * 3 + 3)]).toEqual([255, 77, 196]);
    expect(drawn.data).not.toEqual(source.data);
  });
});

describe('bad input', () => {
  const png = () => readFile(scan);

  test('each bad file has its typed error, and the rest of the queue goes on', async () => {
    const queue = inFolder('queue');
    await mkdir(queue);
    await writeFile(join(queue, 'a-empty.png'), '');
    await writeFile(join(queue, 'b-cut.png'), (await png()).subarray(0, 400));
    const flipped = Uint8Array.from(await png());
    flipped[flipped.length >> 1] = (flipped[flipped.length >> 1] ?? 0) ^ 0x10;
    await writeFile(join(queue, 'c-flipped.png'), flipped);
    await writeFile(join(queue, 'd-report.png'), '%PDF-1.7\n%âãÏÓ\n1 0 obj\n');
    await writeFile(join(queue, 'e-huge.png'), hugeHeader());
    await writeFile(join(queue, 'f-half_low.png'), await png());
    await writeSmallScan(queue, 'g-good.png', 3);
    const run = await runCommand('score', queue, '--json', '--model', calibrated.directory);
    expect(run.exitCode).toBe(3);
    const lines = run.json();
    expect(lines.slice(0, -1).map((line) => Object.keys(line))).toEqual(
      new Array(6).fill(['scan', 'state', 'error']),
    );
    const errors = lines.slice(0, -1).map((line) => line['error'] as { code: string });
    expect(errors.map(({ code }) => code)).toEqual([
      'file-empty',
      'file-truncated',
      'file-corrupt',
      'format-unknown',
      'picture-too-large',
      'energy-pair-incomplete',
    ]);
    expect(lines.at(-1)).toMatchObject({ scan: join(queue, 'g-good.png'), alarm: false });
  });

  test('a missing file is an unscored line, and the next path is screened', async () => {
    const paths = [inFolder('nothing.png'), scan];
    const run = await runCommand('score', ...paths, '--json', '--model', calibrated.directory);
    expect(run.exitCode).toBe(3);
    expect(run.json()[0]).toMatchObject({ error: { code: 'file-not-found' } });
    expect(run.json()[1]).toMatchObject({ scan });
  });

  test('a folder without rights is an unscored line', async ({ skip }) => {
    if (process.getuid?.() === 0) skip('root may look into every folder');
    const closed = inFolder('closed');
    await mkdir(closed);
    await chmod(closed, 0);
    const run = await runCommand('score', closed, '--json', '--model', calibrated.directory);
    await chmod(closed, 0o700);
    expect(run.exitCode).toBe(3);
    expect(run.json()[0]).toMatchObject({ error: { code: 'file-not-readable' } });
  });

  test.each([
    [
      'bundle-hash-mismatch',
      async (directory: string) => {
        const file = join(directory, 'model.onnx');
        const bytes = await readFile(file);
        bytes[100] = (bytes[100] ?? 0) ^ 1;
        await writeFile(file, bytes);
      },
    ],
    ['bundle-file-missing', (directory: string) => rm(join(directory, 'model.onnx'))],
    ['bundle-hash-mismatch', (directory: string) => truncate(join(directory, 'model.onnx'), 9)],
    [
      'bundle-schema-newer',
      async (directory: string) => {
        const file = join(directory, 'manifest.json');
        const text = await readFile(file, 'utf8');
        await writeFile(file, text.replace(/"schemaVersion": \d+/, '"schemaVersion": 99'));
      },
    ],
  ])('with a broken bundle (%s) no scan reads as clear', async (code, harm) => {
    const parent = await mkdtemp(join(folder, 'broken-'));
    const { directory } = await writeSmallBundle(parent, {
      calibration: calibrated.manifest.calibration,
    });
    await harm(directory);
    const run = await runCommand('score', scan, '--json', '--model', directory);
    expect(run.exitCode).toBe(3);
    expect(run.json()).toEqual([
      { scan, state: 'unscored', error: { code, message: expect.any(String) as string } },
    ]);
    expect(run.stderr).not.toBe('');
  });
});

describe('misuse', () => {
  test.each([
    ['no command', []],
    ['an unknown command', ['scroe']],
    ['no path', ['score']],
    ['an unknown option', ['score', 'x.png', '--fi', '0.2']],
    ['a φ above 1', ['score', 'x.png', '--phi', '1.5']],
    ['a φ that is no number', ['score', 'x.png', '--phi', 'high']],
    ['an empty φ', ['score', 'x.png', '--phi', '']],
    ['an unknown engine', ['score', 'x.png', '--engine', 'cuda']],
    ['a folder that is no bundle', ['score', 'x.png', '--model', tmpdir()]],
  ])('%s ends with 2 and a line that helps', async (_, argv) => {
    const run = await runCommand(...argv);
    expect(run.exitCode).toBe(2);
    expect(run.stdout).toBe('');
    expect(run.stderr.trim()).not.toBe('');
  });

  test('a folder without scans ends with 2: nothing was screened', async () => {
    const empty = inFolder('empty');
    await mkdir(empty);
    const run = await runCommand('score', empty, '--model', calibrated.directory);
    expect(run.exitCode).toBe(2);
    expect(run.stderr).toContain('No scan was found');
  });

  test('help and version end with 0', async () => {
    expect((await runCommand('--help')).exitCode).toBe(0);
    const version = await runCommand('--version');
    const facts = JSON.parse(await readFile('package.json', 'utf8')) as { version: string };
    expect([version.exitCode, version.stdout.trim()]).toEqual([0, facts.version]);
  });
});

test('Ctrl-C ends the run after what was printed, without a line for the scan in flight', async () => {
  const many = inFolder('many');
  await mkdir(many);
  for (let i = 0; i < 40; i += 1) await writeSmallScan(many, `bag-${100 + i}.png`, i + 1);
  const argv = ['score', many, '--json', '--model', calibrated.directory];
  let interrupted = false;
  const run = await runCommandListening(argv, () => {
    if (!interrupted) process.emit('SIGINT');
    interrupted = true;
  });
  expect(run.exitCode).toBe(130);
  const lines = run.json();
  expect(lines.length).toBeLessThan(40);
  expect(lines.every((line) => line['state'] !== 'unscored')).toBe(true);
});

/** A PNG that says it is 20,000 × 20,000 and holds no pixels. */
function hugeHeader(): Uint8Array {
  const bytes = new Uint8Array(33);
  bytes.set([137, 80, 78, 71, 13, 10, 26, 10, 0, 0, 0, 13, 73, 72, 68, 82]);
  const view = new DataView(bytes.buffer);
  view.setUint32(16, 20_000);
  view.setUint32(20, 20_000);
  bytes.set([8, 2, 0, 0, 0], 24);
  view.setUint32(29, crc32(bytes.subarray(12, 29)));
  return bytes;
}

function crc32(bytes: Uint8Array): number {
  let crc = 0xffffffff;
  for (const byte of bytes) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit += 1) crc = crc & 1 ? (crc >>> 1) ^ 0xedb88320 : crc >>> 1;
  }
  return (crc ^ 0xffffffff) >>> 0;
}
