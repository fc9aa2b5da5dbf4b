import type { BrowserWindow as Window } from 'electron';
import { BrowserWindow, session } from 'electron';

/** A renderer that crashes again and again is not brought back for ever. */
const MAX_RELOADS = 3;
const RELOAD_MEMORY_MS = 10 * 60_000;

export interface WindowOptions {
  readonly preload: string;
  /** The page's address; the window never goes anywhere else. */
  readonly address: string;
  /** Development alone. */
  readonly devTools: boolean;
  readonly onCrash: (reason: string, isGivenUp: boolean) => void;
}

/** Makes the one window: sandboxed, without Node, that opens no other page and no other window. */
export function createWindow({ preload, address, devTools, onCrash }: WindowOptions): Window {
  const window = new BrowserWindow({
    width: 1600,
    height: 900,
    minWidth: 1024,
    minHeight: 680,
    backgroundColor: '#0c0f14',
    title: 'Phiscan',
    autoHideMenuBar: true,
    show: false,
    webPreferences: {
      preload,
      sandbox: true,
      contextIsolation: true,
      nodeIntegration: false,
      webviewTag: false,
      spellcheck: false,
      devTools,
    },
  });
  const { webContents } = window;
  window.once('ready-to-show', () => {
    window.show();
  });
  webContents.setWindowOpenHandler(() => ({ action: 'deny' }));
  webContents.on('will-navigate', (event) => {
    event.preventDefault();
  });
  webContents.on('will-attach-webview', (event) => {
    event.preventDefault();
  });
  session.defaultSession.setPermissionRequestHandler((_contents, _permission, answer) => {
    answer(false);
  });
  session.defaultSession.setPermissionCheckHandler(() => false);

  let reloadsMs: number[] = [];
  webContents.on('render-process-gone', (_event, { reason, exitCode }) => {
    const nowMs = Date.now();
    reloadsMs = [...reloadsMs.filter((ms) => nowMs - ms < RELOAD_MEMORY_MS), nowMs];
    const isGivenUp = reloadsMs.length > MAX_RELOADS;
    onCrash(`${reason} (exit code ${exitCode})`, isGivenUp);
    if (!isGivenUp && reason !== 'clean-exit') void window.loadURL(address);
  });
  return window;
}
