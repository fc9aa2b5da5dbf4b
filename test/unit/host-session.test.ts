import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { HostReply } from '../../src-main/engine/host/host-messages';
import { HostSession } from '../../src-main/engine/host/host-session';
import { LocalScreener } from '../../src-main/engine/host/local-screener';

let replies: HostReply[];
let exits: number;
let session: HostSession;

beforeEach(() => {
  replies = [];
  exits = 0;
  session = new HostSession({
    screener: new LocalScreener(),
    post: (reply) => replies.push(reply),
    exit: () => {
      exits += 1;
    },
  });
});
afterEach(() => {
  vi.restoreAllMocks();
});

describe('HostSession', () => {
  it.each([
    null,
    'load',
    {},
    { kind: 'erase', id: 1 },
    { kind: 'planes', id: 1, source: { kind: 'file', path: '' }, viewIndex: 0 },
    { kind: 'planes', id: 1, source: { kind: 'file', path: 'a' }, viewIndex: -1 },
    { kind: 'screen', id: 1, source: { kind: 'file', path: 'a' }, more: true },
  ])('does nothing on a message that it does not know, and logs it: %j', async (message) => {
    const log = vi.spyOn(process.stderr, 'write').mockReturnValue(true);
    await session.receive(message);
    expect(replies).toEqual([]);
    expect(log).toHaveBeenCalledOnce();
  });

  it('answers a request that fails with its error', async () => {
    const source = { kind: 'file', path: '/no/such/scan.png' };
    await session.receive({ kind: 'planes', id: 7, source, viewIndex: 0 });
    expect(replies).toMatchObject([{ kind: 'failure', id: 7, error: { code: 'file-not-found' } }]);
    await session.receive({ kind: 'load', id: 8, bundleDirectory: '/no/bundle', engine: 'onnx' });
    expect(replies[1]).toMatchObject({ id: 8, error: { code: 'bundle-missing' } });
  });

  it('ignores the cancelling of what is over', async () => {
    await session.receive({ kind: 'cancel', id: 3 });
    expect(replies).toEqual([]);
  });

  it('answers, then ends the process when it is asked to', async () => {
    await session.receive({ kind: 'stop', id: 9 });
    expect(replies).toEqual([{ kind: 'answer', id: 9, value: null }]);
    expect(exits).toBe(1);
  });
});
