import { mkdirSync, rmSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import { app, dialog } from 'electron';
import { toErrorRecord } from '../src-shared/domain/phiscan-error';
import type { LogFile } from './app/log-file';
import { openLogFile } from './app/log-file';
import { openScreening } from './app/open-screening';
import { readProgramArguments } from './app/program-arguments';
import { logPathIn, userDataFolder } from './app/user-data-folder';
import { defaultModelDirectory } from './cli/default-model';
import { isCliCommand, runCli } from './cli/run-cli';
import { demonstrate } from './demonstrate';
import { electronHostLauncher } from './engine/host/electron-host-launcher';
import { registerAppScheme } from './ipc/app-protocol';
import { openDesktop } from './ipc/open-desktop';

// Both must be settled before Electron is ready, so nothing may be awaited above.
registerAppScheme();
const given = readProgramArguments(process.argv, app.isPackaged ? null : app.getAppPath());
const outFolder = given.outFolder ?? resolve('out');

if (isCliCommand(given.own[0])) {
  // The command line's own door in a package: no window, and no display needed.
  app.exit(await runCli(given.own));
} else {
  start();
}

function start(): void {
  const userData = given.demonstrate
    ? newFolder(join(outFolder, 'user-data'))
    : (given.userDataFolder ?? userDataFolder());
  app.setPath('userData', userData);
  const paths = given.positional.map((path) => resolve(path));
  if (!app.requestSingleInstanceLock({ paths })) {
    // The program that runs already takes the files over.
    app.exit(0);
    return;
  }
  const log = openLogFile(logPathIn(userData), () => new Date());
  const { electron, chrome, node } = process.versions;
  log.write(
    `Phiscan ${app.getVersion()} starts on Electron ${electron}, Chrome ${chrome}, Node ${node}`,
  );
  process.on('unhandledRejection', (fault) => {
    log.fault('Unhandled rejection', fault);
  });
  process.on('uncaughtException', (fault) => {
    stopWith(log, fault);
  });
  app
    .whenReady()
    .then(() => open(userData, paths, log))
    .catch((fault: unknown) => {
      stopWith(log, fault);
    });
}

/** A demonstration begins as a new computer does; what it recorded stays beside its pictures until the next. */
function newFolder(path: string): string {
  rmSync(path, { recursive: true, force: true });
  mkdirSync(path, { recursive: true });
  return path;
}

async function open(userData: string, paths: readonly string[], log: LogFile): Promise<void> {
  const programFolder = app.getAppPath();
  const dist = join(programFolder, 'dist');
  const launcher = electronHostLauncher(join(dist, 'main', 'host-process.js'));
  const bundleId = await shippedBundleId(programFolder, log);
  const screening = await openScreening({ userData, programFolder }, launcher, bundleId);
  const window = await openDesktop({ screening, dist, paths, log });
  if (!given.demonstrate) return;
  const scans = join(programFolder, 'assets', 'demo');
  const isWell = await demonstrate({ screening, window }, scans, outFolder).finally(() =>
    screening.close(),
  );
  app.exit(isWell ? 0 : 1);
}

/** Without a shipped bundle the window says that there is no model. */
async function shippedBundleId(programFolder: string, log: LogFile): Promise<string | null> {
  try {
    return basename(await defaultModelDirectory(programFolder));
  } catch (fault) {
    log.fault('No shipped model', fault);
    return null;
  }
}

/** Nothing can go on: says why, where a person sees it, and ends. */
function stopWith(log: LogFile, fault: unknown): void {
  log.fault('Phiscan cannot go on', fault);
  const { message } = toErrorRecord(fault);
  if (given.demonstrate) process.stderr.write(`${message}\n`);
  else dialog.showErrorBox('Phiscan cannot go on', message);
  app.exit(1);
}
