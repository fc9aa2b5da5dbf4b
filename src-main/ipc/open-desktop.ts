import { join } from 'node:path';
import { app, dialog } from 'electron';
import { toErrorRecord } from '../../src-shared/domain/phiscan-error';
import type { Screening } from '../app/create-screening';
import type { LogFile } from '../app/log-file';
import { openPaths } from '../intake/open-paths';
import { setAppMenu } from './app-menu';
import { serveAppProtocol, WINDOW_ORIGIN } from './app-protocol';
import { createCallHandlers } from './call-handlers';
import { createWindow } from './open-window';
import { publishEvents } from './publish-events';
import { eventSender, registerCalls } from './register-calls';

export interface DesktopOptions {
  readonly screening: Screening;
  /** Where the built preload and page lie. */
  readonly dist: string;
  /** Scans to open once somebody has signed in. */
  readonly paths: readonly string[];
  readonly log: LogFile;
}

/** The window, for what drives it from outside. */
export interface OpenedDesktop {
  /** Runs an expression in the page, as the page itself would, and gives its value. */
  runInPage(expression: string): Promise<unknown>;
  /** What the window shows, as PNG. */
  capturePage(): Promise<Uint8Array>;
}

/** Shows the window and opens its doors to the services. */
export async function openDesktop(options: DesktopOptions): Promise<OpenedDesktop> {
  const { screening, dist, log } = options;
  logNews(screening, log);

  const pageServer = app.isPackaged ? undefined : process.env['ELECTRON_RENDERER_URL'];
  const origin = pageServer === undefined ? WINDOW_ORIGIN : new URL(pageServer).origin;
  serveAppProtocol(join(dist, 'renderer'), origin, screening);
  const address = `${origin}/`;
  const window = createWindow({
    preload: join(dist, 'preload', 'preload.cjs'),
    address,
    devTools: pageServer !== undefined,
    onCrash: (reason, isGivenUp) => {
      log.write(
        `The window's process ended: ${reason}${isGivenUp ? '; it is not brought back' : ''}`,
      );
    },
  });
  const send = eventSender(window);
  const onDefect = (fault: unknown): void => {
    log.fault('A call failed unexpectedly', fault);
  };
  const handlers = createCallHandlers(screening, {
    about: () => ({
      version: app.getVersion(),
      electron: process.versions.electron,
      chrome: process.versions.chrome,
      node: process.versions.node,
    }),
    async chooseFiles() {
      const { filePaths } = await dialog.showOpenDialog(window, {
        title: 'Open scans',
        properties: ['openFile', 'multiSelections'],
        filters: [
          {
            name: 'Scans',
            extensions: ['png', 'jpg', 'jpeg', 'tif', 'tiff', 'dcm', 'dcs', 'dicom', 'dicos'],
          },
          { name: 'All files', extensions: ['*'] },
        ],
      });
      return filePaths;
    },
  });
  registerCalls(window, origin, { session: screening.session, handlers, onDefect });
  setAppMenu((command) => {
    send('menu.chosen', { command });
  });
  const stopEvents = publishEvents(screening, send);

  openWhenSignedIn(screening, options.paths);
  app.on('second-instance', (_event, _argv, _folder, handedOver) => {
    if (window.isMinimized()) window.restore();
    window.focus();
    openWhenSignedIn(screening, pathsOf(handedOver));
  });
  closeInOrder(screening, stopEvents, log);

  void screening.warmUp();
  await window.loadURL(address);
  return {
    runInPage: (expression) => window.webContents.executeJavaScript(expression) as Promise<unknown>,
    capturePage: async () => (await window.webContents.capturePage()).toPNG(),
  };
}

/** Scans given on the command line wait for somebody who may see them. */
function openWhenSignedIn(screening: Screening, paths: readonly string[]): void {
  if (paths.length === 0) return;
  const open = (): boolean => {
    if (screening.session.current?.locked !== false) return false;
    openPaths(paths, (source) => screening.arrive(source)).then(
      ({ faults }) => {
        for (const fault of faults) screening.news.publish({ name: 'trouble', fault });
      },
      (fault: unknown) => {
        screening.news.publish({ name: 'trouble', fault });
      },
    );
    return true;
  };
  if (open()) return;
  const stop = screening.news.subscribe(({ name }) => {
    if (name === 'app' && open()) stop();
  });
}

const pathsOf = (handedOver: unknown): string[] =>
  typeof handedOver === 'object' &&
  handedOver !== null &&
  'paths' in handedOver &&
  Array.isArray(handedOver.paths)
    ? handedOver.paths.filter((path) => typeof path === 'string')
    : [];

/** The records are closed before the program ends. */
function closeInOrder(screening: Screening, stopEvents: () => void, log: LogFile): void {
  let isClosing = false;
  app.on('window-all-closed', () => {
    app.quit();
  });
  app.on('before-quit', (event) => {
    event.preventDefault();
    if (isClosing) return;
    isClosing = true;
    stopEvents();
    screening
      .close()
      .catch((fault: unknown) => {
        log.fault('Closing failed', fault);
      })
      .finally(() => {
        log.write('Phiscan ends');
        app.exit(0);
      });
  });
}

function logNews({ news, engine }: Screening, log: LogFile): void {
  let last = '';
  engine.changed.subscribe(({ state, description, bundleId, error }) => {
    const line = `Engine ${state}: ${error === null ? description : error.message} (model ${bundleId ?? 'none'})`;
    if (line !== last) log.write(line);
    last = line;
  });
  news.subscribe((item) => {
    if (item.name !== 'trouble') return;
    const { code } = toErrorRecord(item.fault);
    log.fault(`Trouble (${code})`, item.fault);
  });
}
