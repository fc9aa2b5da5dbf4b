import { userInfo } from 'node:os';
import { join } from 'node:path';
import { Readable, Writable } from 'node:stream';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createSupervisor } from '../../src-main/cli/create-supervisor';
import type { SmallLane } from '../fixtures/small-lane';
import { openSmallLane, signInOperator, SUPERVISOR } from '../fixtures/small-lane';

describe('phiscan create-supervisor', () => {
  let lane: SmallLane;
  let written: string;
  beforeEach(async () => {
    lane = await openSmallLane('none');
    written = '';
  });
  afterEach(() => lane.remove());

  const run = (name: string, typed: string, userData = lane.folder): Promise<void> => {
    const stdout = new Writable({
      write(chunk, _encoding, done) {
        written += String(chunk);
        done();
      },
    });
    const commandLine = {
      stdout,
      stderr: stdout,
      signal: new AbortController().signal,
      exitWith: () => undefined,
    };
    return createSupervisor({ name, userData }, commandLine, Readable.from([typed]));
  };

  it('makes a supervisor beside the running program, and the record says by whom', async () => {
    await signInOperator(lane.screening);
    await run('Rescue', 'a long new one\n');
    expect(written).toContain('Rescue can sign in as a supervisor now');
    expect(written).not.toContain('a long new one');
    const events = await lane.screening.store.readAccountEvents();
    expect(events.at(-1)).toMatchObject({
      kind: 'created',
      name: 'Rescue',
      role: 'supervisor',
      by: `computer administrator (${userInfo().username})`,
    });
    await lane.screening.session.signIn('rescue', 'a long new one');
    expect(lane.screening.session.require('supervisor').name).toBe('Rescue');
  });

  it('refuses where there are no records, before the first run, a weak secret and a name in use', async () => {
    await expect(run('R', 'a long new one\n', join(lane.folder, 'else'))).rejects.toMatchObject({
      code: 'store-unavailable',
    });
    await expect(run('R', 'a long new one\n')).rejects.toMatchObject({ code: 'setup-required' });
    await signInOperator(lane.screening);
    await expect(run('R', '170296\n')).rejects.toMatchObject({ code: 'credentials-too-weak' });
    await expect(run('R', '')).rejects.toMatchObject({ code: 'credentials-too-weak' });
    await expect(run(SUPERVISOR.name, 'a long new one\n')).rejects.toMatchObject({
      code: 'account-exists',
    });
    expect(await lane.screening.store.readAccountEvents()).toHaveLength(2);
  });
});
