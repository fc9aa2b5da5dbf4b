import { describe, expect, test } from 'vitest';
import {
  DEFAULT_NZ_VALUES,
  DEFAULT_SIZES,
  type ExperimentPlan,
} from '../../src-lab/experiments/experiment-settings';
import { experimentTable } from '../../src-lab/experiments/experiment-table';
import type { BundleRecord } from '../../src-lab/experiments/measure-bundle';
import { planRuns, type RunSpec } from '../../src-lab/experiments/plan-runs';
import { renderExperimentTable } from '../../src-lab/experiments/render-experiment-table';
import type { RunRecord } from '../../src-lab/experiments/run-record';
import { PhiscanError } from '../../src-shared/domain/phiscan-error';

function plan(changes: Partial<ExperimentPlan>): ExperimentPlan {
  return {
    experiment: 'uba',
    methods: ['ganomaly', 'vae'],
    classes: null,
    seeds: [0, 1],
    sizes: DEFAULT_SIZES,
    sweepOn: 'mnist',
    nzValues: DEFAULT_NZ_VALUES,
    ...changes,
  };
}

function record(run: RunSpec, auroc: Record<string, number>): RunRecord {
  return {
    formatVersion: 1,
    key: run.key,
    method: run.method,
    seed: run.seed,
    point: run.point,
    settings: null,
    description: 'made up',
    sourcePictures: run.protocol === 'mnist' ? 10_000 : null,
    state: 'finished',
    message: null,
    training: { pictures: 640, steps: 30, stepsPlanned: 30, seconds: 1 },
    scoring: {
      normal: 50,
      abnormal: Object.fromEntries(run.classes.map((name) => [name, 20])),
      complete: true,
      seconds: 1,
    },
    auroc,
  };
}

/** The table of a plan whose runs have figures by this rule; null for a run not done. */
function tableOf(
  of: ExperimentPlan,
  figure: (run: RunSpec, className: string) => number | null,
  bundle: BundleRecord | null = null,
): ReturnType<typeof experimentTable> {
  const runs = planRuns(of);
  const records = new Map<string, RunRecord>();
  for (const run of runs) {
    const figures = run.classes.map((name) => [name, figure(run, name)] as const);
    if (figures.some(([, value]) => value === null)) continue;
    records.set(run.key, record(run, Object.fromEntries(figures) as Record<string, number>));
  }
  return experimentTable(of, runs, records, { times: null, bundle }, 'phiscan experiment');
}

describe('the table of an experiment', () => {
  test('has the mean and the ends over seeds, and the plain mean of the classes', () => {
    const base = { gun: 0.9, 'gun-part': 0.6, knife: 0.3 } as Record<string, number>;
    const table = tableOf(plan({}), (run, name) => (base[name] ?? 0) + 0.02 * run.seed);
    const [row] = table.rows;
    expect(row?.classes['gun']).toEqual({ mean: 0.91, min: 0.9, max: 0.92, seeds: 2 });
    expect(row?.overall?.mean).toBeCloseTo(0.61, 12);
    expect(row?.overall?.min).toBeCloseTo(0.6, 12);
  });

  test("stands beside the paper's figures, and says where there are none", () => {
    const table = tableOf(plan({}), () => 0.5);
    expect(
      table.rows.map(({ method, paper }) => [method, paper['knife'], paper['overall']]),
    ).toEqual([
      ['ganomaly', 0.52, 0.643],
      ['vae', null, null],
    ]);
    const text = renderExperimentTable(table);
    const [head = '', , ganomaly = '', vae = ''] = text
      .split('\n')
      .filter((line) => line.startsWith('|'));
    expect(head.match(/paper/g)).toHaveLength(4);
    expect(ganomaly).toMatch(/0\.747.*0\.662.*0\.520.*0\.643/);
    expect(vae.match(/not available/g)).toHaveLength(4);
    expect(text).toContain('private scans');
  });

  test('has a row for a bundle measured beside the methods, and one for darkness', () => {
    const table = tableOf(plan({}), () => 0.5, {
      formatVersion: 1,
      bundle: 'ganomaly-64-12345678',
      simulator: '1.0.0',
      classes: ['gun', 'gun-part', 'knife'],
      testBags: 2,
      scored: { normal: 70, abnormal: { gun: 4, 'gun-part': 3, knife: 5 } },
      auroc: {
        bundle: { gun: 0.9, 'gun-part': 0.8, knife: 0.7 },
        darkness: { gun: 0.6, 'gun-part': 0.6, knife: 0.6 },
      },
    });
    const [bundle, darkness] = table.rows.slice(-2);
    expect(bundle?.method).toBe('ganomaly-64-12345678');
    expect(bundle?.overall?.mean).toBeCloseTo(0.8, 12);
    expect(darkness?.overall?.mean).toBeCloseTo(0.6, 12);
    expect(renderExperimentTable(table)).toMatch(/ganomaly-64-12345678 screened the same scans/);
  });

  test('marks MNIST as not comparable and says the sizes', () => {
    const methods = ['ganomaly', 'anogan'] as const;
    const mnist = plan({ experiment: 'mnist', classes: ['2'], methods });
    const text = renderExperimentTable(tableOf(mnist, () => 0.5));
    expect(text).toContain('Not comparable with the paper: 10,000 pictures, not 70,000.');
    expect(text).toMatch(/ngf 32, nz 100, 5 epochs .* at most 20000 training pictures/);
    expect(text).toContain('1000 by AnoGAN');
    expect(text).toContain('640, 30');
    expect(text).toContain('50, 20');
    expect(text).toMatch(/\| ganomaly \| 0\.500 \(0\.500–0\.500\) \| not available \|/);
  });

  test('counts runs that are not done, and leaves their seed out of the mean of the classes', () => {
    const mnist = plan({ experiment: 'mnist', classes: ['0', '1'], methods: ['vae'] });
    const table = tableOf(mnist, ({ seed, classes }) =>
      seed === 1 && classes[0] === '1' ? null : 0.8,
    );
    const [row] = table.rows;
    expect(row?.runs).toEqual({ finished: 3, diverged: 0, planned: 4 });
    expect(row?.classes['1']?.seeds).toBe(1);
    expect(row?.overall?.seeds).toBe(1);
    expect(renderExperimentTable(table)).toContain('3 of 4');
  });

  test('of a sweep has a row for each point and no figure of the paper', () => {
    const nz = tableOf(
      plan({ experiment: 'sweep-nz', methods: ['ganomaly'], nzValues: [16, 64], classes: null }),
      ({ settings }) => settings.method.nz / 100,
    );
    expect(nz.rows.map(({ point, overall, paper }) => [point, overall?.mean, paper['2']])).toEqual([
      ['nz 16', 0.16, null],
      ['nz 64', 0.64, null],
    ]);
    const weights = planRuns(plan({ experiment: 'sweep-weights', methods: ['ganomaly'] }));
    const triples = weights.map(({ settings: { method } }) =>
      [method.adversarialWeight, method.contextualWeight, method.encoderWeight].join(),
    );
    expect(new Set(triples).size).toBe(weights.length / 2);
    expect(triples).toContain('1,50,1');
  });
});

describe('the plan of an experiment', () => {
  test('has a run for each method, class and seed, UBA one for all its classes', () => {
    expect(planRuns(plan({ experiment: 'mnist' }))).toHaveLength(2 * 10 * 2);
    const uba = planRuns(plan({}));
    expect(uba).toHaveLength(4);
    expect(uba[0]?.classes).toEqual(['gun', 'gun-part', 'knife']);
    expect(uba[0]?.settings.method).toMatchObject({ isize: 64, nc: 3, seed: 0 });
    const keys = planRuns(plan({ experiment: 'sweep-weights' })).map(({ key }) => key);
    expect(new Set(keys).size).toBe(keys.length);
  });

  test('scores fewer pictures by AnoGAN', () => {
    const runs = planRuns(plan({ methods: ['anogan', 'egbad'], seeds: [0] }));
    expect(runs.map(({ settings }) => settings.testPictures)).toEqual([1_000, 10_000]);
  });

  test('refuses a class that the protocol does not have', () => {
    expect(() => planRuns(plan({ classes: ['bottle'] }))).toThrow(PhiscanError);
  });
});
