import { expect, test } from 'vitest';
import { axisTicks } from '../../src-lab/report/axis-ticks';
import type { TrainingPage } from '../../src-lab/ganomaly/report/training-page';
import { trainingPage } from '../../src-lab/ganomaly/report/training-page';

const PAGE: TrainingPage = {
  bundleId: null,
  end: 'It goes <on>.',
  madeAt: new Date(Date.UTC(2026, 0, 2)),
  score: 'map',
  steps: 150,
  trainingSeconds: 30,
  recoveries: 1,
  command: 'phiscan train --score map',
  settings: { score: 'map', members: 2 },
  training: { scanCount: 8, sha256: 'aa', leftOut: [{ path: '<a>.png', message: 'no air' }] },
  heldOut: { scanCount: 2, sha256: 'bb', leftOut: [] },
  metrics: [
    { step: 25, stage: 'generator', contextual: 0.4, cropsPerSecond: 60 },
    { step: 50, stage: 'generator', contextual: 0.2, cropsPerSecond: 62 },
    { step: 75, stage: 'comparator 1 of 1', discriminator: 0.6, cropsPerSecond: 90 },
    {
      step: 75,
      stage: 'comparator 1 of 1',
      recovery: { fromStep: 90, found: 'discriminator NaN' },
    },
    { step: 100, stage: 'comparator 1 of 1', discriminator: 0.5, cropsPerSecond: 90 },
  ],
  samples: [
    { step: 0, title: 'with solids', pictures: ['AQID'] },
    { step: 50, title: 'x̂ after 100 crops', pictures: ['BAUG'] },
    { step: 50, title: 'x̂ after 100 crops', pictures: ['BAUG'] },
  ],
  members: [
    {
      members: 1,
      foundAtFar: { '0.05': 0.25, '0.10': 0.5, '0.20': 0.75 },
      bagAuroc: 0.8125,
      benignHighest: [1, 2],
      area: { slope: 0.5, squares: 200 },
    },
  ],
  benignHighest: [1, 2],
};

test('a training’s page tells losses by stage, samples, solids, scores and returns', () => {
  const html = trainingPage(PAGE);
  // L_con, L_D and the pace; one histogram.
  expect(html.match(/<svg viewBox="0 0 360/g)).toHaveLength(3);
  expect(html.match(/<svg viewBox="0 0 540/g)).toHaveLength(1);
  const legend = [...html.matchAll(/<\/svg>([^<]+)<\/li>/g)].map(([, title]) => title);
  expect(legend).toEqual(['generator', 'comparator 1 of 1']);
  expect(html.match(/<img /g)).toHaveLength(2);
  expect(html).toContain('src="data:image/png;base64,BAUG"');
  expect(html).toMatch(
    /<td>1<\/td><td>25\u2009%<\/td><td>50\u2009%<\/td><td>75\u2009%<\/td><td>0\.81/,
  );
  expect(html).toContain('from step 90 back to step 75 at half the rate; discriminator NaN');
  expect(html).toContain('ran away and returned to good weights 1 times');
  expect(html).toContain('2 benign</text>');
  expect(html).toContain('8 scans');
  expect(html).not.toMatch(/<script|<link|@import|url\(|NaN,|Infinity|undefined/);
});

test('what files and errors say is escaped', () => {
  const html = trainingPage(PAGE);
  expect(html).toContain('&#60;a&#62;.png: no air');
  expect(html).toContain('It goes &#60;on&#62;.');
  expect(html).not.toContain('<on>');
});

test('held-out losses stand beside the training’s own in the same plot', () => {
  const html = trainingPage({
    ...PAGE,
    members: [],
    benignHighest: [],
    samples: [],
    metrics: [
      { step: 10, epoch: 0, contextual: 0.4, patchesPerSecond: 50 },
      { step: 20, epoch: 1, contextual: 0.3, patchesPerSecond: 50 },
      { step: 10, epoch: 1, heldOut: { contextual: 0.5, encoder: 0.1 } },
      { step: 20, epoch: 2, heldOut: { contextual: 0.45, encoder: 0.1 } },
    ],
  });
  expect(html).toContain('<b>0.4500</b><span>lowest held-out L_con</span>');
  const plot = /aria-label="L_con[^]*?<\/svg>/.exec(html)?.[0] ?? '';
  expect(plot.match(/<polyline/g)).toHaveLength(2);
  expect(html).not.toContain('Put-in solids');
});

test('a page of many epochs shows a dozen rows, the first and the last among them', () => {
  const samples = Array.from({ length: 40 }, (_, row) => ({
    step: row,
    title: `row ${row}`,
    pictures: ['AQID'],
  }));
  const html = trainingPage({ ...PAGE, samples });
  expect(html.match(/<img /g)).toHaveLength(12);
  expect(html).toContain('>row 0</th>');
  expect(html).toContain('>row 39</th>');
});

test('an axis has about five round numbers, whatever its ends', () => {
  expect(axisTicks(0, 1)).toEqual([0, 0.25, 0.5, 0.75, 1]);
  expect(axisTicks(0, 4)).toEqual([0, 1, 2, 3, 4]);
  expect(axisTicks(0, 4375)).toEqual([0, 2000, 4000]);
  expect(axisTicks(0.0131, 0.0204)).toEqual([0.014, 0.016, 0.018, 0.02]);
  expect(axisTicks(3, 3)).toEqual([3]);
});
