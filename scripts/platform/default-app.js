/*
 * What `electron .` runs first when the fallback runtime is used: it opens the program named on the
 * command line, as Electron's own default app does. It is packed into that runtime's
 * resources/default_app.asar. An ES module, so that the program's top level runs before Electron is
 * ready (privileged schemes can be registered only then).
 */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { app } from 'electron';

const { folder, preloads } = readCommandLine(process.argv.slice(1));
const requireHere = createRequire(import.meta.url);
for (const preload of preloads) requireHere(resolve(preload));

if (folder === undefined) {
  process.stderr.write('usage: electron <program folder> [its arguments]\n');
  app.exit(2);
} else {
  await openProgram(resolve(folder));
}

async function openProgram(programFolder) {
  const described = JSON.parse(readFileSync(join(programFolder, 'package.json'), 'utf8'));
  Object.defineProperty(process, 'defaultApp', { value: true, enumerable: true });
  app.setName(described.productName ?? described.name);
  app.setVersion(described.version);
  app.setAppPath(programFolder);
  await import(pathToFileURL(join(programFolder, described.main)).href);
}

/** Options before the folder belong to Electron; `-r FILE` asks for a module to be loaded first. */
function readCommandLine(args) {
  const preloads = [];
  for (let at = 0; at < args.length; at++) {
    const argument = args[at];
    if (argument === '-r' || argument === '--require') preloads.push(args[++at]);
    else if (!argument.startsWith('-')) return { folder: argument, preloads };
  }
  return { folder: undefined, preloads };
}
