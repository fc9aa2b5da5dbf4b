import { encode } from 'fast-png';
import { createHash } from 'node:crypto';
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { resplitCalibration } from '../../src-lab/evaluation/calibration-resplits';
import { readBundle } from '../../src-main/engine/bundle/read-bundle';
import { scanHashOf } from '../../src-shared/domain/model-bundle';
import { writeMapBundle } from '../fixtures/map-bundle';
import { runCommand } from '../fixtures/run-command';
import { writeSmallBundle } from '../fixtures/small-bundle';
import { writeSmallScan } from '../fixtures/small-scan';
import { tensorflowPresent } from '../fixtures/tensorflow-present';

const BAGS = 24;
let folder: string;
let model: string;
let benign: string;
let threat: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'phiscan-lab-'));
  model = (await writeSmallBundle(join(folder, 'models'))).directory;
  benign = join(folder, 'benign');
  threat = join(folder, 'threat');
  await mkdir(benign);
  await mkdir(threat);
  for (let i = 0; i < BAGS; i += 1) await writeSmallScan(benign, `bag-${100 + i}.png`, i + 1);
  for (let i = 0; i < 3; i += 1) await writeSmallScan(threat, `bad-${i}.png`, 50 + i);
});

afterAll(() => rm(folder, { recursive: true, force: true }));

describe('calibrate', () => {
  test('makes a bundle whose scale is the bags’ own highest tiles', async () => {
    const out = join(folder, 'calibrated');
    const argv = ['calibrate', '--model', model, '--benign', benign, '--out', out];
    const run = await runCommand(...argv, '--description', 'stripes');
    expect(run.exitCode).toBe(0);
    expect(run.stderr).toContain(`Only ${BAGS} benign bags`);
    expect(run.stderr).toContain('does not list the scans that it was trained on');
    expect(run.stdout).toContain('scanner kinds: rgb-export; pictures: rgb');
    expect(run.stdout).toMatch(
      /φ 0\.2 .* about 1 benign bag in 10 alarms, at most 1 in \d|φ 0\.2 .* about 1 benign bag in 10 alarms, between 1 in \d/,
    );
    const [id = '', ...others] = await readdir(out);
    expect(others).toEqual([]);
    const { manifest } = await readBundle(join(out, id));
    expect(manifest.parentBundle).toBe((await readBundle(model)).manifest.id);
    expect(manifest.calibration?.scannerKinds).toEqual(['rgb-export']);
    expect(manifest.calibration?.benignSet).toMatch(
      /^stripes: 24 benign bags, sha256 [0-9a-f]{64}$/,
    );
    const scored = await runCommand('score', benign, '--json', '--model', join(out, id));
    const maxima = scored.json().map((line) => line['anomalyScoreMax'] as number);
    expect(manifest.calibration?.bagMaxima).toEqual(maxima.sort((a, b) => a - b));
    // φ 0.2 lets about one benign bag in ten alarm: two or three of these 24.
    const alarms = scored.json().filter((line) => line['alarm'] === true).length;
    expect(alarms).toBeGreaterThanOrEqual(1);
    expect(alarms).toBeLessThanOrEqual(4);
  });

  test('takes the scanner kinds that it is told', async () => {
    const out = join(folder, 'told');
    const argv = ['calibrate', '--model', model, '--benign', benign, '--out', out];
    await runCommand(...argv, '--scanner', 'lane-a', 'lane-b');
    const [id = ''] = await readdir(out);
    const { manifest } = await readBundle(join(out, id));
    expect(manifest.calibration?.scannerKinds).toEqual(['lane-a', 'lane-b']);
  });

  test('refuses bags that the model was trained on', async () => {
    const trained = join(folder, 'trained');
    const made = await runCommand(
      ...['train', '--benign', benign, '--out', trained, '--isize', '32', '--ngf', '4'],
      ...['--nz', '8', '--batch', '4', '--max-steps', '1', '--score', 'reference'],
    );
    expect(made.exitCode).toBe(0);
    const [id = ''] = (await readdir(trained)).filter((name) => name.startsWith('ganomaly-'));
    const out = join(folder, 'own');
    const argv = ['calibrate', '--benign', benign, '--out', out];
    const run = await runCommand(...argv, '--model', join(trained, id));
    expect(run.exitCode).toBe(2);
    expect(run.stderr).toContain('is one of its training scans');
    await expect(readdir(out)).rejects.toThrow();
  });

  test('checks the promised rates on resplits and records the scores', async () => {
    const many = join(folder, 'many');
    await mkdir(many);
    for (let i = 0; i < 44; i += 1) await writeSmallScan(many, `bag-${100 + i}.png`, i + 1);
    const record = join(folder, 'record.json');
    const run = await runCommand(
      ...['calibrate', '--model', model, '--benign', many, '--out', join(folder, 'checked')],
      ...['--check-resplits', '5', '--record', record],
    );
    expect(run.exitCode).toBe(0);
    expect(run.stdout).toMatch(/Resplits, φ 0\.4: in \d of 5 the alarms of the other half lie/);
    const recorded = JSON.parse(await readFile(record, 'utf8')) as {
      bagMaxima: number[];
      resplits: { seed: number; figures: unknown };
    };
    expect(recorded.bagMaxima).toHaveLength(44);
    const { seed, figures } = recorded.resplits;
    expect(
      resplitCalibration(recorded.bagMaxima, { thresholds: [0.2, 0.4], resplits: 5, seed }),
    ).toEqual(figures);
  });

  test('refuses fewer than 20 bags and writes nothing', async () => {
    const out = join(folder, 'few');
    const run = await runCommand('calibrate', '--model', model, '--benign', threat, '--out', out);
    expect(run.exitCode).toBe(1);
    expect(run.stderr).toContain('At least 20 benign bags');
    await expect(readdir(out)).rejects.toThrow();
  });

  test('refuses a folder that was simulated with threats, at any depth', async () => {
    const parent = join(folder, 'parent');
    await mkdir(join(parent, 'knives'), { recursive: true });
    await writeSmallScan(join(parent, 'knives'), 'bag.png');
    const facts = { simulatorVersion: '1', seed: 1, threat: 'knife', bags: [] };
    await writeFile(join(parent, 'knives', 'simulation.json'), JSON.stringify(facts));
    const out = join(folder, 'never');
    const run = await runCommand('calibrate', '--model', model, '--benign', parent, '--out', out);
    expect(run.exitCode).toBe(2);
    expect(run.stderr).toContain('holds simulated threats (knife)');
  });
});

describe.skipIf(!tensorflowPresent())('train for an anomaly map', () => {
  const tiny = [
    ...['--isize', '32', '--ngf', '2', '--nz', '3', '--batch', '2', '--stride', '32'],
    ...['--scale', '1', '--comparator-width', '2', '--comparator-depth', '3'],
    ...['--comparator-blocks', '0', '--generator-crops', '8', '--comparator-crops', '8'],
    ...['--turns', '1', '--hold-out', '0.1', '--score', 'map'],
  ];
  const train = (out: string, ...more: string[]) =>
    runCommand('train', '--benign', benign, '--out', join(folder, out), ...tiny, ...more);

  test('makes a bundle, and one at half, whose scores are those of its map', async () => {
    const made = await train('map', '--members', '2', '--snapshot');
    expect(made.stderr).toContain(`22 scans to train on, 2 held out`);
    expect(made.exitCode).toBe(0);
    expect(made.stdout).toMatch(/^12 steps in /);
    const place = /Bundle.*: (.+)$/m.exec(made.stdout)?.[1] ?? '';
    const half = /Snapshot at half: (.+)$/m.exec(made.stdout)?.[1] ?? '';
    const { manifest } = await readBundle(place);
    expect(manifest).toMatchObject({
      scoreDefinition: 'map',
      mapScore: { turns: 1 },
      preprocessing: { input: 'attenuation' },
      architecture: { nc: 2, isize: 32, comparator: { members: 2, width: 2, depth: 3 } },
      training: { patches: 24, settings: { score: 'map', members: 2, 'memory-mb': 1500 } },
    });
    expect(manifest.training.scanHashes).toHaveLength(22);
    expect(manifest.calibration).toBeNull();
    expect(manifest.training.command).not.toContain(folder);
    expect((await readBundle(half)).manifest).toMatchObject({
      architecture: { comparator: { members: 1 } },
      training: { patches: 16, settings: { members: 1 } },
    });
    const scored = await runCommand('score', threat, '--json', '--model', place);
    const highest = scored.json().map((line) => line['anomalyScoreMax']);
    expect(highest).toHaveLength(3);
    for (const score of highest) expect(score).toEqual(expect.any(Number));

    const again = await train('map', '--members', '2', '--snapshot');
    expect(again.exitCode).toBe(2);
    expect(again.stderr).toContain('--resume');
    const resumed = await train('map', '--members', '2', '--snapshot', '--resume');
    expect(resumed.exitCode).toBe(0);
    expect(resumed.stdout).toContain(manifest.id);
    const other = await train('map', '--members', '1', '--resume');
    expect(other.exitCode).toBe(2);
    expect(other.stderr).toContain('other settings');
  });

  test('makes a calibrated bundle in one command, on the scans that it held out', async () => {
    const many = join(folder, 'enough');
    await mkdir(many);
    for (let i = 0; i < 44; i += 1) await writeSmallScan(many, `bag-${100 + i}.png`, i + 1);
    const run = await runCommand(
      ...['train', '--benign', many, '--out', join(folder, 'usable'), ...tiny],
      ...['--members', '1', '--hold-out', '0.5', '--calibrate'],
    );
    expect(run.exitCode).toBe(0);
    const place = /^Calibrated bundle: (.+)$/m.exec(run.stdout)?.[1] ?? '';
    const plain = /^Bundle, not calibrated yet: (.+)$/m.exec(run.stdout)?.[1] ?? '';
    expect(run.stdout).toMatch(/φ 0\.2 .* about 1 benign bag in 10 alarms/);
    expect(run.stdout).toContain('the training was chosen by them');
    const { manifest } = await readBundle(place);
    const { manifest: parent } = await readBundle(plain);
    expect(manifest.parentBundle).toBe(parent.id);
    expect(parent.calibration).toBeNull();
    expect(manifest.calibration?.benignSet).toMatch(
      /^the scans of enough that training held out .*slightly optimistic.*: 22 benign bags, sha256/,
    );
    // The bags are those that the manifest does not list as trained on, each by its own highest.
    const hashes = manifest.training.scanHashes ?? [];
    expect(hashes).toHaveLength(22);
    const scored = await runCommand('score', many, '--json', '--model', place);
    const heldOut: number[] = [];
    for (const line of scored.json()) {
      const bytes = await readFile(line['scan'] as string);
      const hash = scanHashOf(createHash('sha256').update(bytes).digest('hex'));
      if (!hashes.includes(hash)) heldOut.push(line['anomalyScoreMax'] as number);
    }
    expect(manifest.calibration?.bagMaxima).toEqual(heldOut.sort((a, b) => a - b));
  });

  test('refuses to calibrate on too few scans before it trains', async () => {
    const run = await train('too-few', '--calibrate');
    expect(run.exitCode).toBe(1);
    expect(run.stderr).toContain('2 would be held out');
    expect(await readdir(join(folder, 'too-few'))).toEqual([]);
    const rival = await train('rival', '--method', 'vae', '--calibrate');
    expect(rival.exitCode).toBe(2);
    expect(rival.stderr).toContain('--calibrate cannot be used with --method');
  });

  test('names its mistakes and trains nothing', async () => {
    for (const wrong of [
      ['--solids', 'block,gun'],
      ['--turns', '2'],
      ['--hold-out', '0.9'],
      ['--members', '0'],
      ['--comparator-depth', '7'],
    ]) {
      const run = await train('wrong', ...wrong);
      expect(run.exitCode, wrong.join(' ')).toBe(2);
      expect(run.stdout).toBe('');
    }
    const few = await runCommand(
      ...['train', '--benign', threat, '--out', join(folder, 'few'), ...tiny],
    );
    expect(few.exitCode).not.toBe(0);
    expect(few.stderr).toContain('3 scans were found, too few');
  });
});

describe('a bundle whose score is a map', () => {
  test('is calibrated on the scores that it then gives, and evaluated with every baseline', async () => {
    const plain = await writeMapBundle(join(folder, 'maps'), {
      mapScore: { meanRadius: 2, turns: 4 },
    });
    const out = join(folder, 'map-calibrated');
    const made = await runCommand(
      ...['calibrate', '--model', plain.directory, '--benign', benign, '--out', out],
    );
    expect(made.exitCode).toBe(0);
    const [id = ''] = await readdir(out);
    const { manifest } = await readBundle(join(out, id));
    const scored = await runCommand('score', benign, '--json', '--model', join(out, id));
    const maxima = scored.json().map((line) => line['anomalyScoreMax'] as number);
    expect(manifest.calibration?.bagMaxima).toEqual(maxima.sort((a, b) => a - b));
    const run = await runCommand(
      ...['evaluate', '--model', join(out, id), '--benign', benign, '--threat', threat],
      ...['--bootstrap', '0', '--json'],
    );
    expect(run.exitCode).toBe(0);
    const [report = {}] = run.json();
    expect(report).toMatchObject({ unscored: { benign: [], threat: [] } });
    const rows = report['rows'] as { name: string }[];
    expect(rows.map(({ name }) => name)).toEqual(['model', 'darkness', 'size', 'random']);
  });
});

describe('the score of a bundle', () => {
  test('can be the paper’s plain one of a map’s generator, and the map again', async () => {
    const map = await writeMapBundle(join(folder, 'both'));
    const calibrated = async (from: string, score: string) => {
      const out = join(folder, `by-${score}`);
      const argv = ['calibrate', '--model', from, '--benign', benign, '--out', out];
      const made = await runCommand(...argv, '--score', score);
      expect(made.exitCode).toBe(0);
      const [id = ''] = await readdir(out);
      const place = join(out, id);
      const scored = await runCommand('score', benign, '--json', '--model', place);
      const maxima = scored.json().map((line) => line['anomalyScoreMax'] as number);
      const { manifest } = await readBundle(place);
      expect(manifest.scoreDefinition).toBe(score);
      expect(manifest.mapScore).toEqual(map.manifest.mapScore);
      expect(manifest.calibration?.bagMaxima).toEqual(maxima.sort((a, b) => a - b));
      return { place, maxima };
    };
    const paper = await calibrated(map.directory, 'paper');
    const reference = await calibrated(map.directory, 'reference');
    const again = await calibrated(paper.place, 'map');
    // Sums of distances and logits: three scores that never agree.
    expect(paper.maxima.every((score) => score > 0)).toBe(true);
    expect(reference.maxima).not.toEqual(paper.maxima);
    expect(again.maxima).not.toEqual(paper.maxima);
    const direct = await calibrated(map.directory, 'map');
    expect(again.maxima).toEqual(direct.maxima);
  });

  test('is compared with the other one and with both in an evaluation', async () => {
    const map = await writeMapBundle(join(folder, 'compared'));
    const calibrated = async (score: string) => {
      const out = join(folder, `compared-${score}`);
      const argv = ['calibrate', '--model', map.directory, '--benign', benign, '--out', out];
      expect((await runCommand(...argv, '--score', score)).exitCode).toBe(0);
      const [id = ''] = await readdir(out);
      return join(out, id);
    };
    const evaluate = (model: string, ...more: string[]) =>
      runCommand(
        ...['evaluate', '--benign', benign, '--threat', threat, '--model', model],
        ...['--bootstrap', '0', '--no-random', '--json', ...more],
      );
    const [byMap, byPaper] = [await calibrated('map'), await calibrated('paper')];
    const rowsOf = (run: Awaited<ReturnType<typeof evaluate>>) => {
      expect(run.exitCode).toBe(0);
      const [report = {}] = run.json();
      return { report, rows: report['rows'] as { name: string; bag: { auroc: number } }[] };
    };
    const { report, rows } = rowsOf(await evaluate(byMap, '--beside', byPaper));
    expect(rows.map(({ name }) => name)).toEqual(['model', 'darkness', 'size', 'beside', 'both']);
    expect(report['beside']).toEqual({ model: basename(byPaper), scoreDefinition: 'paper' });
    const alone = rowsOf(await evaluate(byPaper)).rows[0];
    expect(rows[3]?.bag).toEqual(alone?.bag);
    const uncalibrated = await evaluate(byMap, '--beside', map.directory);
    expect(uncalibrated.exitCode).toBe(2);
    expect(uncalibrated.stderr).toContain('one of these has none');
  });

  test('is no map where the model has none', async () => {
    const out = join(folder, 'no-map');
    const argv = ['calibrate', '--model', model, '--benign', benign, '--out', out];
    const run = await runCommand(...argv, '--score', 'map');
    expect(run.exitCode).toBe(2);
    expect(run.stderr).toContain('has no anomaly map to score by');
    await expect(readdir(out)).rejects.toThrow();
  });
});

describe('evaluate', () => {
  const evaluate = (...more: string[]) =>
    runCommand(...['evaluate', '--model', model, '--benign', benign, '--threat', threat], ...more);

  test('prints the model, darkness and their difference for people', async () => {
    const run = await evaluate('--bootstrap', '20');
    expect(run.exitCode).toBe(0);
    expect(run.stdout).toMatch(/model +darkness +size only +random weights +model − darkness/);
    expect(run.stdout).toMatch(/bag AUROC +\d\.\d{3} \[\d\.\d{3}, \d\.\d{3}\]/);
    expect(run.stdout).toContain('24 benign bags, 3 threat bags');
    expect(run.stdout).not.toContain('hit@1');
  });

  test('measures inside bags where boxes say where the threats are', async () => {
    const boxes = join(folder, 'boxes.csv');
    await writeFile(boxes, 'file,class,x,y,w,h\nbad-0.png,knife,24,24,20,20\n');
    const run = await evaluate('--bootstrap', '0', '--json', '--boxes', boxes);
    expect(run.exitCode).toBe(0);
    const [report = {}] = run.json();
    expect(report).toMatchObject({
      intervals: {},
      alarmRateAtPhi: null,
      unscored: { benign: [], threat: [] },
      n: { benignBags: 24, threatBags: 3, labelledBags: 1, boxes: 1 },
      classes: { knife: { threats: 1, bags: 1 } },
    });
    const rates = ['0.05', '0.10', '0.20'];
    const rows = report['rows'] as Record<string, unknown>[];
    for (const figures of [report, report['baseline'] as Record<string, unknown>, ...rows]) {
      expect(keysOf(figures, 'patch')).toEqual(['auroc', 'aupr']);
      expect(keysOf(figures, 'withinBag')).toEqual(['auroc', 'hitAt1', 'hitAt1Chance']);
      expect(keysOf(figures, 'threat')).toEqual(['foundAtFar', 'bagsFoundAtFar']);
      expect(keysOf(figures, 'threat', 'bagsFoundAtFar')).toEqual(rates);
      expect(keysOf(figures, 'bag')).toEqual(['auroc', 'tprAtFar']);
      expect(keysOf(figures, 'bag', 'tprAtFar')).toEqual(rates);
      expect(keysOf(figures, 'sizeMatched')).toEqual(['bag', 'threat']);
      expect(keysOf(figures, 'sizeMatched', 'bag')).toEqual(['auroc', 'tprAtFar']);
      expect(keysOf(figures, 'sizeMatched', 'threat')).toEqual(['foundAtFar', 'bagsFoundAtFar']);
      expect(keysOf(figures, 'control')).toEqual(['alarmRateOutsideBoxesAtFar']);
      expect(keysOf(figures, 'control', 'alarmRateOutsideBoxesAtFar')).toEqual(rates);
      expect(keysOf(figures, 'classes')).toEqual(figures['name'] === 'size' ? [] : ['knife']);
    }
    expect((report['withinBag'] as { hitAt1Chance: number }).hitAt1Chance).toBeGreaterThan(0);
  });

  test('measures pixels where masks say what they are, with random weights in a row of their own', async () => {
    const masks = join(folder, 'masks');
    await mkdir(masks);
    await writeMask(join(masks, 'bad-1_mask.png'));
    const run = await evaluate('--bootstrap', '0', '--json', '--masks', masks);
    expect(run.exitCode).toBe(0);
    const [report = {}] = run.json();
    const rows = report['rows'] as { name: string; pixel: Record<string, number | null> }[];
    expect(rows.map(({ name }) => name)).toEqual(['model', 'darkness', 'size', 'random']);
    for (const { name, pixel } of rows.filter((row) => row.name !== 'size')) {
      expect(Object.keys(pixel), name).toEqual(['auroc', 'aupro']);
      expect(pixel['auroc'], name).toBeGreaterThan(0);
    }
    const without = await evaluate('--bootstrap', '0', '--json', '--no-random');
    const [fewer = {}] = without.json();
    expect(fewer).not.toHaveProperty('pixel');
    expect((fewer['rows'] as unknown[]).length).toBe(3);
  });

  test('writes a page with the plots and the worst bags’ pictures', async () => {
    const boxes = join(folder, 'page-boxes.csv');
    await writeFile(boxes, 'file,class,x,y,w,h\nbad-0.png,knife,24,24,20,20\n');
    const page = join(folder, 'page.html');
    const run = await evaluate('--bootstrap', '5', '--boxes', boxes, '--report', page);
    expect(run.exitCode).toBe(0);
    const html = await readFile(page, 'utf8');
    expect(html).toMatch(/^<!doctype html>/);
    expect(html).toContain((await readBundle(model)).manifest.id);
    expect(html).toContain('ROC of bags');
    // Two of 24 benign bags may exceed the 10 % level; as many are drawn.
    expect(html).toContain('Worst false alarms (2)');
    expect(html.match(/<img src="data:image\/png;base64,iVBOR/g)?.length).toBeGreaterThanOrEqual(2);
  });

  test('refuses a page that cannot be written, and masks of other scans, before any work', async () => {
    const nowhere = join(folder, 'nowhere', 'page.html');
    const page = await evaluate('--report', nowhere);
    expect(page.exitCode).toBe(2);
    expect(page.stderr).toContain('--report');
    const others = join(folder, 'other-masks');
    await mkdir(others);
    await writeMask(join(others, 'elsewhere.png'));
    const masks = await evaluate('--masks', others);
    expect(masks.exitCode).toBe(2);
    expect(masks.stderr).toContain('is named as a scan');
    const missing = await evaluate('--masks', join(folder, 'no-masks'));
    expect(missing.exitCode).toBe(2);
    expect(missing.stdout + page.stdout + masks.stdout).toBe('');
  });

  test('takes classes and boxes from what the simulator lists', async () => {
    const out = join(folder, 'simulated');
    const size = ['--width', '480', '--height', '360'];
    const made = await runCommand(
      ...['simulate', '--bags', '2', '--threat', 'mixed', '--out', out, ...size],
    );
    expect(made.exitCode).toBe(0);
    const argv = ['evaluate', '--model', model, '--benign', benign, '--threat', out];
    const [report = {}] = (await runCommand(...argv, '--json', '--bootstrap', '0')).json();
    expect(report).toMatchObject({ n: { threatBags: 2, labelledBags: 2, boxes: 2 } });
    // The simulation masks its threats itself.
    expect(keysOf(report, 'pixel')).toEqual(['auroc', 'aupro']);
    const classes = report['classes'] as Record<string, { threats: number }>;
    expect(['gun', 'gun-part', 'knife']).toEqual(expect.arrayContaining(Object.keys(classes)));
    expect(Object.values(classes).reduce((sum, { threats }) => sum + threats, 0)).toBe(2);
  });

  test('refuses threats among the benign bags', async () => {
    const parent = join(folder, 'guns-within');
    await mkdir(parent);
    await writeSmallScan(parent, 'bag.png');
    const facts = { simulatorVersion: '1', seed: 1, threat: 'gun', bags: [] };
    await writeFile(join(parent, 'simulation.json'), JSON.stringify(facts));
    const argv = ['evaluate', '--model', model, '--benign', parent, '--threat', threat];
    expect((await runCommand(...argv)).exitCode).toBe(2);
  });

  test('says so where no bag of a folder could be scored', async () => {
    const argv = ['evaluate', '--model', model, '--benign', join(folder, 'not-there')];
    const run = await runCommand(...argv, '--threat', threat);
    expect(run.exitCode).toBe(2);
    expect(run.stderr).toContain('None of the benign bags');
    expect(run.stdout).toBe('');
  });

  test('refuses boxes of other scans', async () => {
    const boxes = join(folder, 'others.csv');
    await writeFile(boxes, 'file,class,x,y,w,h\nelsewhere.png,knife,24,24,20,20\n');
    expect((await evaluate('--boxes', boxes)).exitCode).toBe(2);
  });
});

/** A mask of a threat in the middle of a small scan. */
async function writeMask(file: string): Promise<void> {
  const [width, height] = [96, 80];
  const data = Uint8Array.from({ length: width * height }, (_, at) =>
    at % width >= 30 && at % width < 50 && at / width >= 30 && at / width < 50 ? 2 : 0,
  );
  await writeFile(file, encode({ width, height, data, channels: 1, depth: 8 }));
}

function keysOf(of: unknown, ...path: string[]): string[] {
  const found = path.reduce((part, name) => (part as Record<string, unknown>)[name], of);
  return Object.keys(found as object);
}
