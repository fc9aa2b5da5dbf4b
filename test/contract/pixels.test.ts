import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { pixelAddress } from '../../src-shared/contract/pixel-address';
import { scorePartsSchema } from '../../src-shared/domain/score-parts';
import { parseDisplayBytes } from '../../src-shared/imaging/display/display-bytes';
import { answerPixels } from '../../src-main/ipc/answer-pixels';
import type { SmallLane } from '../fixtures/small-lane';
import { openSmallLane, signInOperator } from '../fixtures/small-lane';
import { writeSmallScan } from '../fixtures/small-scan';

describe('the pixels of a presentation', () => {
  let lane: SmallLane;
  let presentationId: string;
  let bagId: string;

  beforeEach(async () => {
    lane = await openSmallLane('alarms');
    await signInOperator(lane.screening);
    const path = await writeSmallScan(lane.folder, 'scan.png');
    await lane.screening.arrive({ kind: 'file', path });
    await lane.settled();
    bagId = lane.screening.queue.waiting[0]?.bag.id ?? '';
    const session = lane.screening.session.require('signed-in');
    presentationId = (await lane.screening.review.begin(session, bagId)).id;
  });
  afterEach(() => lane.remove());

  const fetchPixels = (address: string) => answerPixels(address, lane.screening);

  it('are the view’s samples in all sizes', async () => {
    const response = await fetchPixels(pixelAddress.view(presentationId, 0));
    expect(response.status).toBe(200);
    expect(response.headers.get('x-width-px')).toBe('96');
    expect(response.headers.get('x-height-px')).toBe('80');
    expect(response.headers.get('x-view-count')).toBe('1');
    expect(response.headers.get('x-channels')).toBe('3');
    const view = parseDisplayBytes('rgb', 96, 80, await response.arrayBuffer());
    expect(view?.levels).toHaveLength(1);
    expect([...(view?.levels[0]?.samples.subarray(0, 3) ?? [])]).toEqual([255, 255, 255]);
  });

  it('are a tile as the model sees it, rebuilt, and their difference', async () => {
    const view = lane.screening.review.current?.views[0];
    if (view?.state !== 'scored') throw new Error('the view was scored');
    const [tile] = view.tileScores;
    if (tile === undefined) throw new Error('a tile was scored');
    const response = await fetchPixels(pixelAddress.tile(presentationId, 0, tile));
    expect(response.headers.get('x-tile-size-px')).toBe('32');
    const bytes = new Uint8Array(await response.arrayBuffer());
    const square = 32 * 32 * 3;
    expect(bytes).toHaveLength(3 * square);
    const difference = bytes.subarray(2 * square);
    expect([...difference.subarray(0, 64)]).toEqual(
      [...bytes.subarray(0, 64)].map((byte, at) => Math.abs(byte - (bytes[square + at] ?? 0))),
    );
    const parts = scorePartsSchema.parse(JSON.parse(response.headers.get('x-score-parts') ?? ''));
    expect(parts.kind).toBe('latent');
    expect(parts.anomalyScore).toBeCloseTo(tile.anomalyScore, 6);
  });

  it('are a thumbnail that fits its place', async () => {
    const response = await fetchPixels(pixelAddress.thumbnail(bagId));
    const width = Number(response.headers.get('x-width-px'));
    const height = Number(response.headers.get('x-height-px'));
    expect(width).toBeLessThanOrEqual(176);
    expect(height).toBeLessThanOrEqual(112);
    expect((await response.arrayBuffer()).byteLength).toBe(width * height * 3);
  });

  it('are given to no locked or ended session, and for no bag that has left the screen', async () => {
    const { session, review } = lane.screening;
    const address = pixelAddress.view(presentationId, 0);
    await session.lock();
    expect((await fetchPixels(address)).status).toBe(403);
    expect((await fetchPixels(pixelAddress.thumbnail(bagId))).status).toBe(403);
    await session.unlock('170296');
    expect((await fetchPixels(address)).status).toBe(200);
    await review.leave();
    expect((await fetchPixels(address)).status).toBe(404);
    await session.signOut();
    expect((await fetchPixels(address)).status).toBe(403);
  });

  it.each([
    'app://pixels/',
    'app://pixels/x',
    'app://pixels/x/-1',
    'app://pixels/x/0/tile/1,2,3',
    'app://pixels/x/0/tile/1,2,3,a',
    'app://pixels/x/0/map',
    'app://pixels/x/0/tile/1,2,3,4/5',
    'app://pixels/%2e%2e/%2e%2e',
  ])('are not at %s', async (address) => {
    const response = await fetchPixels(address);
    expect(response.status).toBe(400);
    expect(await response.json()).toMatchObject({ code: 'request-invalid' });
  });

  it('are refused when the file is no longer the one that was scored', async () => {
    await writeSmallScan(lane.folder, 'scan.png', 2);
    const response = await fetchPixels(pixelAddress.view(presentationId, 0));
    expect(response.ok).toBe(false);
    expect(await response.json()).toMatchObject({ code: 'scan-changed' });
  });

  it('say why there are none when the file cannot be read', async () => {
    const response = await fetchPixels(pixelAddress.view(presentationId, 7));
    expect(response.status).toBe(422);
    expect(await response.json()).toHaveProperty('message');
  });
});
