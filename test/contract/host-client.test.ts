import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import { syntheticScan } from '../../bench/synthetic-scan';
import { writeRandomBundle } from '../../bench/write-random-bundle';
import type { HostClientOptions, HostState } from '../../src-main/engine/host/host-client';
import { HostClient } from '../../src-main/engine/host/host-client';
import type { HostLauncher } from '../../src-main/engine/host/host-launcher';
import { LocalScreener } from '../../src-main/engine/host/local-screener';
import type { ModelBundle } from '../../src-shared/domain/model-bundle';
import type { ScanSource } from '../../src-shared/domain/scan';
import { hasTensorflow } from '../fixtures/has-tensorflow';
import { nodeHostLauncher } from '../fixtures/node-host-launcher';
import { temporaryFolder, tinyCalibration, writeTinyBundle } from '../fixtures/tiny-bundle';
import { writeRgbPng } from '../fixtures/write-scan-files';

let launcher: HostLauncher;
let folder: string;
let tiny: ModelBundle;
/** Of the shipped shape: takes long enough over `large` to be killed in the middle of it. */
let slow: ModelBundle;
let small: ScanSource;
let large: ScanSource;
let client: HostClient | null = null;
let states: HostState[] = [];

beforeAll(async () => {
  launcher = await nodeHostLauncher();
  folder = await temporaryFolder();
  tiny = await writeTinyBundle(folder, { calibration: tinyCalibration() });
  slow = await writeRandomBundle(folder, { calibration: tinyCalibration() });
  small = await writeRgbPng(path.join(folder, 'small.png'), syntheticScan(200, 150, 1));
  large = await writeRgbPng(path.join(folder, 'large.png'), syntheticScan(1600, 1000, 2));
});

afterEach(async () => {
  await client?.dispose();
  client = null;
});

function start(options: Partial<HostClientOptions> = {}): HostClient {
  states = [];
  client = new HostClient({
    launcher,
    onStateChange: (state) => states.push(state),
    ...options,
  });
  return client;
}

function stateNames(): string[] {
  return states.map(({ state }) => state);
}

/** Sends the host a signal as soon as the scan is under way. */
function screenAndSignal(screener: HostClient, pid: number, signal: 'SIGKILL' | 'SIGSTOP') {
  let isSent = false;
  return screener.screen(large, () => {
    if (isSent) return;
    isSent = true;
    process.kill(pid, signal);
  });
}

describe('HostClient, over a real host process', () => {
  it('answers as the screener in this process does', async () => {
    const host = start();
    const facts = await host.load(tiny, 'onnx');
    expect(facts.bundleId).toBe(tiny.manifest.id);
    expect(facts.processId).not.toBe(process.pid);
    expect(stateNames()).toEqual(['starting', 'ready']);

    const local = new LocalScreener();
    await local.load(tiny, 'onnx');
    const [here, there] = [await local.screen(small), await host.screen(small)];
    if (here.state !== 'screened' || there.state !== 'screened') throw new Error('unscored');
    expect(there.views).toEqual(here.views);
    expect(there.sha256).toBe(here.sha256);
    expect(await host.readPlanes(small, 0)).toEqual(await local.readPlanes(small, 0));
    expect(await host.readDisplay(small, 0)).toEqual(await local.readDisplay(small, 0));

    const view = here.views[0];
    if (view?.state !== 'scored') throw new Error('unscored');
    const { x, y, width, height } = view.tileScores[7] ?? { x: 0, y: 0, width: 0, height: 0 };
    const tile = { x, y, width, height };
    expect(await host.inspectTile(small, 0, tile)).toEqual(await local.inspectTile(small, 0, tile));
    await local.dispose();
  });

  it('passes errors on with their codes', async () => {
    const host = start();
    const gone = { ...tiny, directory: path.join(folder, 'gone') };
    await expect(host.load(gone, 'onnx')).rejects.toMatchObject({ code: 'bundle-missing' });
    expect(stateNames()).toEqual(['starting', 'failed']);
    expect(await host.screen(small)).toMatchObject({
      state: 'unscored',
      error: { code: 'bundle-missing' },
    });
    await host.load(tiny, 'onnx');
    expect((await host.screen(small)).state).toBe('screened');
    const missing: ScanSource = { kind: 'file', path: path.join(folder, 'missing.png') };
    expect(await host.screen(missing)).toMatchObject({ error: { code: 'file-not-found' } });
    await expect(host.readPlanes(missing, 0)).rejects.toMatchObject({ code: 'file-not-found' });
  });

  it('survives the death of the host: that scan is unscored, the next is scored', async () => {
    const host = start();
    const { processId } = await host.load(slow, 'onnx');
    const inFlight = screenAndSignal(host, processId, 'SIGKILL');
    const next = host.screen(small);
    expect(await inFlight).toMatchObject({ state: 'unscored', error: { code: 'engine-stopped' } });
    expect((await next).state).toBe('screened');
    expect(stateNames()).toEqual(['starting', 'ready', 'restarting', 'ready']);
    const again = states.at(-1);
    expect(again?.state === 'ready' && again.facts.processId).not.toBe(processId);
  });

  // A stopped process stands for one that hangs; Windows cannot stop one.
  it.skipIf(process.platform === 'win32')(
    'gives up a scan in which the host hangs, and scores the next',
    async () => {
      const host = start({ requestLimitMs: 5_000 });
      const { processId } = await host.load(slow, 'onnx');
      const late = screenAndSignal(host, processId, 'SIGSTOP');
      const next = host.screen(small);
      expect(await late).toMatchObject({ state: 'unscored', error: { code: 'engine-timeout' } });
      expect((await next).state).toBe('screened');
      expect(stateNames()).toEqual(['starting', 'ready', 'restarting', 'ready']);
    },
  );

  it('stops restarting a host that keeps dying, says so, and still reads pictures', async () => {
    const host = start({ maxRestarts: 1 });
    const first = await host.load(slow, 'onnx');
    await screenAndSignal(host, first.processId, 'SIGKILL');
    const second = await host.load(slow, 'onnx');
    expect(second.processId).not.toBe(first.processId);
    const queued = [screenAndSignal(host, second.processId, 'SIGKILL'), host.screen(small)];
    expect(await Promise.all(queued)).toMatchObject([
      { state: 'unscored', error: { code: 'engine-stopped' } },
      { state: 'unscored', error: { code: 'engine-unavailable' } },
    ]);
    expect(stateNames().at(-1)).toBe('failed');
    expect((await host.readPlanes(small, 0)).widthPx).toBe(200);

    await host.load(slow, 'onnx');
    expect((await host.screen(small)).state).toBe('screened');
  });

  it('cancels a scan in flight and one in the queue', async () => {
    const host = start();
    await host.load(slow, 'onnx');
    const abort = new AbortController();
    const inFlight = host.screen(
      large,
      () => {
        abort.abort();
      },
      abort.signal,
    );
    const queued = host.screen(small, undefined, abort.signal);
    const after = host.screen(small);
    const cancelled = { state: 'unscored', error: { code: 'cancelled' } };
    expect(await inFlight).toMatchObject(cancelled);
    expect(await queued).toMatchObject(cancelled);
    expect((await after).state).toBe('screened');
    expect(stateNames()).toEqual(['starting', 'ready']);
  });

  it('keeps the bundle it has when another is refused', async () => {
    const host = start();
    await host.load(tiny, 'onnx');
    const other = await writeTinyBundle(folder, { seed: 11 });
    await writeFile(path.join(other.directory, 'weights.bin'), 'changed');
    await expect(host.load(other, 'onnx')).rejects.toMatchObject({ code: 'bundle-hash-mismatch' });
    expect((await host.screen(small)).state).toBe('screened');
    expect(stateNames()).toEqual(['starting', 'ready']);
  });

  it('says what to do when the engine asked for is not installed', async () => {
    const host = start({ launcher: await nodeHostLauncher({ optionalDependencies: false }) });
    await expect(host.load(tiny, 'tensorflow')).rejects.toMatchObject({
      code: 'engine-unavailable',
      message: expect.stringContaining('npm run provide:tensorflow') as unknown,
    });
    await host.load(tiny, 'auto');
    expect((await host.screen(small)).state).toBe('screened');
  });

  it.runIf(hasTensorflow())('runs the tensorflow engine and lets its process end', async () => {
    const host = start();
    const facts = await host.load(tiny, 'tensorflow');
    expect(facts).toMatchObject({ engine: 'tensorflow' });
    expect((await host.screen(small)).state).toBe('screened');
    await host.dispose();
    expect(() => process.kill(facts.processId, 0)).toThrow('ESRCH');
  });
});
