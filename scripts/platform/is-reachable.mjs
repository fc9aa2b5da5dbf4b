import { connect } from 'node:net';

/** Whether a host's TLS port answers within three seconds. */
export function isReachable(host) {
  return new Promise((resolve) => {
    const socket = connect({ host, port: 443, timeout: 3000 });
    const answer = (reachable) => {
      socket.destroy();
      resolve(reachable);
    };
    socket.on('connect', () => answer(true));
    socket.on('timeout', () => answer(false));
    socket.on('error', () => answer(false));
  });
}
