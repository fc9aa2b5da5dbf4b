import process from 'node:process';
import type { HostReply } from './host-messages';
import { HostSession } from './host-session';
import { LocalScreener } from './local-screener';

/** The entry of the screening host: Electron's utilityProcess, or a child of Node with an IPC channel. */

/** What Electron gives a utilityProcess, as far as it is used here. */
interface UtilityPort {
  on(event: 'message', listener: (event: { readonly data: unknown }) => void): void;
  postMessage(message: unknown): void;
}

function utilityPort(): UtilityPort | null {
  return (process as { parentPort?: UtilityPort }).parentPort ?? null;
}

function start(): void {
  const port = utilityPort();
  if (port === null && process.send === undefined) {
    throw new Error('The screening host is started by Phiscan, not by hand.');
  }
  const post = (reply: HostReply): void => {
    if (port === null) process.send?.(reply);
    else port.postMessage(reply);
  };
  const session = new HostSession({
    screener: new LocalScreener(),
    post,
    exit: () => process.exit(0),
  });
  if (port === null) {
    process.on('message', (message) => void session.receive(message));
    process.on('disconnect', () => process.exit(0));
  } else {
    port.on('message', ({ data }) => void session.receive(data));
  }
}

start();
