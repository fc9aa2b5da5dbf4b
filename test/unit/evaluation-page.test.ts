import { expect, test } from 'vitest';
import { detectionReport } from '../../src-lab/evaluation/detection-report';
import { gatherEvidence } from '../../src-lab/evaluation/method-evidence';
import { evaluationPage } from '../../src-lab/evaluation/report/evaluation-page';
import { histogramPlot } from '../../src-lab/report/histogram-plot';
import { linePlot } from '../../src-lab/report/line-plot';
import { rowBag, threatAt } from '../fixtures/row-bag';

const benign = Array.from({ length: 40 }, (_, i) => rowBag([i, 0, 0, 0], null));
const threat = Array.from({ length: 40 }, (_, i) =>
  rowBag([1, i, 2, 3], [threatAt(1, i % 2 === 0 ? 'gun' : '<knife>')], [4, 9, 1, 2]),
);

async function pageOf(misses: { name: string; png: Uint8Array }[]) {
  const evidence = gatherEvidence(benign, threat, 1);
  const report = await detectionReport(benign, threat, evidence, {
    calibration: null,
    phi: 0.2,
    bootstrapRounds: 20,
    seed: 1,
  });
  return evaluationPage({
    model: 'ganomaly-64-12345678',
    engine: 'onnx',
    scoreDefinition: 'reference',
    bootstrapRounds: 20,
    benignFolder: 'bags/benign',
    threatFolder: 'bags/threat',
    unscoredBags: 1,
    madeAt: new Date(Date.UTC(2026, 0, 2)),
    report,
    evidence,
    misses: misses.map(({ name, png }) => ({
      bag: { name, anomalyScore: 1.25, benignShare: 0.5, classes: ['gun'] },
      png,
    })),
    falseAlarms: [],
  });
}

test('the page holds everything itself: no script, nothing fetched', async () => {
  const png = Uint8Array.of(1, 2, 3);
  const page = await pageOf([{ name: 'bags/threat/guns/a.png', png }]);
  expect(page).not.toMatch(/<script|<link|@import|url\(/);
  const sources = [...page.matchAll(/(?:src|href)="([^"]*)"/g)].map(([, source]) => source);
  expect(sources).toEqual([`data:image/png;base64,${Buffer.from(png).toString('base64')}`]);
  expect(page).toContain('guns/a.png<br><span>gun · score 1.250 · reached by 50 % of benign bags');
});

test('the page shows every method’s figures with intervals, and escapes what files say', async () => {
  const page = await pageOf([]);
  for (const word of ['model', 'darkness', 'size only', 'model − darkness', 'by blocks']) {
    expect(page).toContain(word);
  }
  // Threats score 0–39 against benign bags of 0–39, four of which may exceed 35: 36–39 are found.
  expect(page).toMatch(
    /bags with an alarm on a threat at 10 %<\/td><td class="own">0\.100<br><i>0\.\d{3} to/,
  );
  expect(page).toContain('&#60;knife&#62;');
  expect(page).not.toContain('<knife>');
  expect(page).toContain('1 bags could not be scored');
  // Five plots and a histogram for each method that has tiles.
  expect(page.match(/<svg viewBox="0 0 360/g)).toHaveLength(5);
  expect(page.match(/<svg viewBox="0 0 540/g)).toHaveLength(2);
});

test('a curve is drawn to scale and cut where the axis ends', () => {
  const svg = linePlot({
    title: 'FROC',
    xTitle: 'marks',
    yTitle: 'found',
    xMax: 4,
    lines: [
      {
        title: 'model',
        colour: '#000',
        dash: '',
        points: [
          [0, 0],
          [2, 0.5],
          [6, 1],
        ],
      },
    ],
  });
  // The unit square is 244 px wide from 46, 274 down to 30; at the axis' end the line is at 0.75.
  expect(svg).toContain('points="46.0,274.0 168.0,152.0 290.0,91.0"');
});

test('histograms are shares of their own values, with the level in its place', () => {
  const svg = histogramPlot({
    title: 'model',
    benign: Array.from({ length: 90 }, (_, i) => i / 10),
    threat: [1, Number.NEGATIVE_INFINITY],
    level: 8.1,
  });
  expect(svg).toContain('90 benign, 2 with threats');
  expect(svg).not.toMatch(/NaN|Infinity/);
});
