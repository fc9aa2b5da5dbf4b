import { utilityProcess } from 'electron';
import type { UtilityProcess } from 'electron';
import type { HostLauncher } from './host-launcher';

/**
 * Runs the host in Electron's utilityProcess.
 * @param hostFile the built host-process.js
 */
export function electronHostLauncher(hostFile: string): HostLauncher {
  return {
    launch() {
      const child = utilityProcess.fork(hostFile, [], { serviceName: 'Phiscan screening host' });
      return {
        postMessage: (message) => {
          child.postMessage(message);
        },
        onMessage: (listener) => {
          child.on('message', listener);
        },
        onExit: (listener) => {
          child.once('exit', listener);
        },
        kill: () => {
          killNow(child);
        },
      };
    },
  };
}

/**
 * SIGKILL by id: the polite signal waits for a thread that computes. Nothing is lost, since the
 * host keeps no state.
 */
function killNow(child: UtilityProcess): void {
  if (child.pid === undefined) {
    child.kill();
    return;
  }
  try {
    process.kill(child.pid, 'SIGKILL');
  } catch (error) {
    // It ended by itself in the meantime; its exit event is on the way.
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}
