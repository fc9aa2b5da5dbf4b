import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { EventName } from '../../src-shared/contract/contract';
import { events } from '../../src-shared/contract/contract';
import { publishEvents } from '../../src-main/ipc/publish-events';
import type { SmallLane } from '../fixtures/small-lane';
import { openSmallLane, signInOperator } from '../fixtures/small-lane';
import { writeSmallScan } from '../fixtures/small-scan';

describe('publishEvents', () => {
  let lane: SmallLane;
  let sent: { name: EventName; payload: unknown }[];
  let stop: () => void;

  beforeEach(async () => {
    lane = await openSmallLane('quiet');
    sent = [];
    stop = publishEvents(lane.screening, (name, payload) => {
      sent.push({ name, payload: structuredClone(payload) });
    });
  });
  afterEach(async () => {
    stop();
    await lane.remove();
  });

  const until = async (isThere: () => boolean): Promise<void> => {
    while (!isThere()) await new Promise((resolve) => setTimeout(resolve, 20));
  };
  const namesSent = () => new Set(sent.map(({ name }) => name));

  it('tells an open session of its queue and of what is on screen, in the contract’s form', async () => {
    await signInOperator(lane.screening);
    lane.screener.close();
    const path = await writeSmallScan(lane.folder, 'scan.png');
    await lane.screening.arrive({ kind: 'file', path });
    const session = lane.screening.session.require('signed-in');
    const bagId = lane.screening.queue.waiting[0]?.bag.id ?? '';
    await lane.screening.review.begin(session, bagId);
    lane.screener.open();
    await until(() =>
      sent.some(
        ({ name, payload }) =>
          name === 'presentation.changed' &&
          events['presentation.changed'].parse(payload).machine === 'no-alarm',
      ),
    );
    await until(() => namesSent().has('queue.changed') && namesSent().has('app.changed'));
    for (const { name, payload } of sent) expect(() => events[name].parse(payload)).not.toThrow();
  });

  it('tells nothing of bags to a locked window or to nobody', async () => {
    await signInOperator(lane.screening);
    await lane.screening.session.lock();
    const path = await writeSmallScan(lane.folder, 'scan.png');
    await lane.screening.arrive({ kind: 'file', path });
    await lane.settled();
    await lane.screening.session.signOut();
    lane.screening.news.publish({ name: 'queue' });
    lane.screening.news.publish({ name: 'app' });
    sent = [];
    await until(() => namesSent().has('app.changed'));
    await new Promise((resolve) => setTimeout(resolve, 150));
    expect(namesSent()).toEqual(new Set(['app.changed']));
  });
});
