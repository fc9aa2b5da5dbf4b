import { randomInt } from 'node:crypto';
import { mkdir, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import type { Answer, CallName, CallRequest, CallResponse } from '../src-shared/contract/contract';
import { PhiscanError } from '../src-shared/domain/phiscan-error';
import type { BagState, QueueItem } from '../src-shared/domain/review';
import type { ScreeningTimes } from '../src-shared/domain/screening-outcome';
import { OverlayWriter } from './cli/write-overlays';
import type { Screening } from './app/create-screening';
import type { OpenedDesktop } from './ipc/open-desktop';
import { highest } from './services/outcome-record';

export interface Demonstrated {
  readonly screening: Screening;
  readonly window: OpenedDesktop;
}

/** A scan takes a second or two; a machine that needs longer than this for one is not working. */
const PATIENCE_MS_A_SCAN = 60_000;

/**
 * Screens the demonstration scans in the real window, asked through the window's own bridge as a
 * person's clicks would ask: first run, an operator, the scans opened, the first alarm on screen.
 * Writes `<out>/operator.png` and `<out>/overlays/`, prints a table.
 * @returns whether every scan was scored
 * @throws PhiscanError `file-not-found` when there is no demonstration scan, or what a call refused
 */
export async function demonstrate(
  { screening, window }: Demonstrated,
  scans: string,
  out: string,
): Promise<boolean> {
  const paths = await demoPaths(scans);
  const call = <N extends CallName>(name: N, request: CallRequest<N>): Promise<CallResponse<N>> =>
    callInPage(window, name, request);

  // Secrets of these few seconds, known to nobody.
  const secret = () => String(randomInt(10 ** 9, 10 ** 10));
  const supervisor = { name: 'Demonstration supervisor', secret: secret() };
  const operator = { name: 'Demonstration operator', secret: secret() };
  await call('setup.createFirstSupervisor', { siteName: 'Demonstration', ...supervisor });
  const { site } = await call('app.state', {});
  const [checkpoint] = site.checkpoints;
  if (checkpoint !== undefined) {
    const scannerKind = await kindOfScans(call, checkpoint.threshold.bundleId);
    const lane = { checkpointId: checkpoint.id, name: 'Demonstration lane', pixelPitchMm: null };
    const { id } = await call('site.addLane', { ...lane, scannerKind });
    await call('site.selectLane', { laneId: id });
  }
  await call('accounts.create', { ...operator, role: 'operator' });
  await call('session.signIn', operator);
  await call('bags.openPaths', { paths });

  const waiting = await scored(call);
  const shown = waiting.find(({ state }) => state === 'alarm') ?? waiting[0];
  if (shown !== undefined) await showInWindow({ screening, window }, shown);
  await mkdir(out, { recursive: true });
  await writeFile(join(out, 'operator.png'), await window.capturePage());
  await writeOverlays(screening, join(out, 'overlays'));
  printTable(screening, waiting, out);
  return waiting.length > 0 && waiting.every(({ state }) => state !== 'unscored');
}

async function demoPaths(folder: string): Promise<string[]> {
  const names = await readdir(folder).catch(() => []);
  if (names.length === 0) {
    throw new PhiscanError(
      'file-not-found',
      `The demonstration scans were expected in ${folder}; there are none. Make some: phiscan simulate --bags 4 --seed 1 --threat mixed --format png16 --out ${folder}`,
    );
  }
  return [folder];
}

type CallInPage = <N extends CallName>(
  name: N,
  request: CallRequest<N>,
) => Promise<CallResponse<N>>;

/** The demonstration scans are simulated, as the shipped model's calibration is. */
async function kindOfScans(call: CallInPage, bundleId: string): Promise<string> {
  const bundle = (await call('models.list', {})).find(({ id }) => id === bundleId);
  return bundle?.scannerKinds[0] ?? 'unknown';
}

async function scored(call: CallInPage): Promise<QueueItem[]> {
  const startedMs = performance.now();
  for (;;) {
    const { waiting } = await call('queue.get', {});
    const left = waiting.filter(({ state }) => state === 'waiting' || state === 'scoring');
    if (left.length === 0) return waiting;
    if (performance.now() - startedMs > PATIENCE_MS_A_SCAN * waiting.length) {
      throw new PhiscanError(
        'engine-timeout',
        `${left.length} of ${waiting.length} demonstration scans were still not scored after ${PATIENCE_MS_A_SCAN / 1000} s each.`,
      );
    }
    await wait(200);
  }
}

/** Chooses the bag as a click on it does, and waits until its picture has been painted. */
async function showInWindow(
  { screening, window }: Demonstrated,
  { bagId, label }: QueueItem,
): Promise<void> {
  const startedMs = performance.now();
  await window.runInPage(clickOn(label));
  while (screening.review.current?.bagId !== bagId) {
    if (performance.now() - startedMs > PATIENCE_MS_A_SCAN) {
      throw new PhiscanError('internal', `The window did not show ${label} when it was chosen.`);
    }
    await wait(100);
  }
  await window.runInPage(PAINTED);
}

/** Clicks the queue's button that names the bag. */
const clickOn = (label: string): string => `
  [...document.querySelectorAll('button')]
    .find((button) => (button.getAttribute('aria-label') ?? button.textContent).includes(${JSON.stringify(label)}))
    ?.click()`;

/** The network has been quiet for half a second, and two frames have been drawn since. */
const PAINTED = `
  new Promise((resolve) => {
    let timer = setTimeout(done, 500);
    const seen = new PerformanceObserver(() => {
      clearTimeout(timer);
      timer = setTimeout(done, 500);
    });
    seen.observe({ type: 'resource' });
    function done() {
      seen.disconnect();
      requestAnimationFrame(() => requestAnimationFrame(() => resolve(true)));
    }
  })`;

async function callInPage<N extends CallName>(
  window: OpenedDesktop,
  name: N,
  request: CallRequest<N>,
): Promise<CallResponse<N>> {
  const asked = `window.phiscan.call(${JSON.stringify(name)}, ${JSON.stringify(request)})`;
  const answer = (await window.runInPage(asked)) as Answer<CallResponse<N>>;
  if (answer.ok) return answer.value;
  throw new PhiscanError(answer.error.code, `${name}: ${answer.error.message}`);
}

async function writeOverlays({ queue, site, screener }: Screening, folder: string): Promise<void> {
  const overlays = await OverlayWriter.into(folder);
  for (const { bag, lane, screened } of queue.waiting) {
    if (screened === null) continue;
    const { threshold } = site.checkpoint(lane.checkpointId);
    const { source } = bag;
    await overlays.write(bag.label, source, screened.outcome, screener, threshold.threshold);
  }
}

function printTable(
  { queue, site, engine }: Screening,
  items: readonly QueueItem[],
  out: string,
): void {
  const lines = [row('scan', 'state', 'score', 'ms')];
  for (const { bagId, label, state, error } of items) {
    const outcome = queue.waitingBag(bagId)?.screened?.outcome;
    const score = outcome?.state === 'screened' ? highest(outcome.views, 'displayScoreMax') : null;
    const elapsedMs = outcome?.state === 'screened' ? sumOf(outcome.timesMs) : null;
    lines.push(
      row(
        label,
        STATE_WORDS[state],
        score?.toFixed(2) ?? '–',
        elapsedMs?.toFixed(0) ?? '–',
        error?.message,
      ),
    );
  }
  const { threshold } = site.place(site.currentLaneId).checkpoint;
  lines.push(
    `φ ${threshold.threshold.toFixed(2)} · model ${threshold.bundleId} · ${engine.state.description}`,
    `The window's picture and the overlays are in ${out}`,
  );
  process.stdout.write(`${lines.join('\n')}\n`);
}

const sumOf = ({ read, tile, score, map }: ScreeningTimes): number => read + tile + score + map;

const STATE_WORDS: Readonly<Record<BagState, string>> = {
  waiting: 'waiting',
  scoring: 'scoring',
  alarm: '▲ alarm',
  'no-alarm': '○ no alarm',
  unscored: '! not scored',
};

const row = (scan: string, state: string, score: string, ms: string, why = ''): string =>
  `${scan.padEnd(32)} ${state.padEnd(13)} ${score.padStart(6)} ${ms.padStart(6)}  ${why}`.trimEnd();
