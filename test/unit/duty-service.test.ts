import { setTimeout as wait } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Duty } from '../../src-shared/contract/contract';
import type { Session } from '../../src-main/services/session-service';
import type { SmallLane } from '../fixtures/small-lane';
import { OPERATOR, openSmallLane, signInOperator, SUPERVISOR } from '../fixtures/small-lane';
import { writeSmallScan } from '../fixtures/small-scan';

const MINUTE_MS = 60_000;

describe('DutyService', () => {
  let lane: SmallLane;

  beforeEach(async () => {
    lane = await openSmallLane('quiet');
    await signInOperator(lane.screening);
    for (const seed of [1, 2]) {
      const path = await writeSmallScan(lane.folder, `s${seed}.png`, seed);
      await lane.screening.arrive({ kind: 'file', path });
    }
    await lane.settled();
  });
  afterEach(() => lane.remove());

  const session = (): Session => lane.screening.session.require('signed-in');
  const duty = (): Duty => lane.screening.duty.stateOf(session());
  /** Reviewed minutes, as the window shows them. */
  const minutes = (): number => Math.floor(duty().reviewMs / MINUTE_MS);
  const after = (count: number): void => lane.advance(count * MINUTE_MS);
  /** Shows the first bag and then the other, so that each is a new presentation. */
  const show = async (): Promise<void> => {
    const { review, queue } = lane.screening;
    const other = queue.waiting.find(({ bag }) => bag.id !== review.current?.bagId);
    await review.begin(session(), other?.bag.id ?? '');
    // A timer that is due fires before this does.
    await wait(20);
  };
  const events = async (count: number) =>
    (await lane.screening.store.readSessionEvents(count)).map(({ kind }) => kind);

  it('counts from the first bag shown, through a short pause, until a break begins anew', async () => {
    after(3);
    expect(duty()).toMatchObject({ reviewMs: 0, running: false, dutyMinutes: 20 });
    await show();
    after(4);
    expect(minutes()).toBe(4);
    expect(duty().running).toBe(true);
    await lane.screening.review.pause(session());
    after(5);
    expect(minutes()).toBe(4);
    await lane.screening.review.resume(session());
    await show();
    expect(minutes()).toBe(9);
    await lane.screening.review.pause(session());
    after(10);
    expect(minutes()).toBe(0);
    await lane.screening.review.resume(session());
    await show();
    expect(minutes()).toBe(0);
  });

  it('goes on where it was when the same person signs in again, also after a restart', async () => {
    await show();
    after(6);
    await show();
    await lane.screening.signOut();
    after(2);
    await lane.restart();
    await lane.screening.session.signIn(OPERATOR.name, OPERATOR.secret);
    await lane.settled();
    await show();
    expect(minutes()).toBe(8);
  });

  it('begins anew for another person', async () => {
    await show();
    after(6);
    await lane.screening.signOut();
    await lane.screening.session.signIn(SUPERVISOR.name, SUPERVISOR.secret);
    await show();
    expect(minutes()).toBe(0);
  });

  it('asks for a hand-over when the duty time is over, and records that and the hand-over', async () => {
    await show();
    after(19);
    await show();
    expect(duty().handOverAsked).toBe(false);
    after(1);
    await show();
    expect(duty().handOverAsked).toBe(true);
    await lane.screening.signOut();
    expect(await events(3)).toEqual(['signed-out', 'handed-over', 'hand-over-asked']);
  });

  it('records who goes on instead, and asks again five minutes later', async () => {
    await show();
    after(20);
    await show();
    await lane.screening.duty.goOn(session());
    expect(duty().handOverAsked).toBe(false);
    expect(await events(2)).toEqual(['hand-over-declined', 'hand-over-asked']);
    after(4);
    await show();
    expect(duty().handOverAsked).toBe(false);
    after(1);
    await show();
    expect(duty().handOverAsked).toBe(true);
  });
});
