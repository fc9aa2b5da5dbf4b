import { readFile, readdir, stat } from 'node:fs/promises';
import path from 'node:path';
import { z } from 'zod';
import { PhiscanError } from '../../src-shared/domain/phiscan-error';

/** Names the bundle that is used where several are shipped: {"bundle": "<folder>"}. */
const DEFAULT_FILE = 'default.json';
const defaultFileSchema = z.strictObject({ bundle: z.string().regex(/^[a-z0-9-]+$/) });

/**
 * The folder of the shipped model bundle: the one that models/default.json names, or the only one
 * in models/. The folder models/ lies beside dist/ and src-main/ in a checkout, and beside dist/
 * inside a package, whose unpacked half is named so that native code can read it too.
 * @throws PhiscanError `bundle-missing`.
 */
export async function defaultModelDirectory(startDirectory = import.meta.dirname): Promise<string> {
  const models = await findModelsDirectory(startDirectory);
  const named = models === null ? null : await namedDefault(models);
  if (models !== null && named !== null) return path.join(models, named);
  const bundles = models === null ? [] : await bundlesIn(models);
  const [only] = bundles;
  if (models !== null && only !== undefined && bundles.length === 1) return path.join(models, only);
  throw new PhiscanError(
    'bundle-missing',
    bundles.length === 0
      ? 'No model bundle comes with this program. Name one with --model, or make one with `phiscan train`.'
      : `Several model bundles come with this program (${bundles.join(', ')}) and none is the default. Name one with --model.`,
  );
}

async function findModelsDirectory(startDirectory: string): Promise<string | null> {
  const unpacked = startDirectory.replace(/app\.asar(?=[\\/]|$)/, 'app.asar.unpacked');
  for (const start of new Set([unpacked, startDirectory])) {
    let directory = start;
    while (path.dirname(directory) !== directory) {
      const candidate = path.join(directory, 'models');
      const isDirectory = await stat(candidate).then(
        (stats) => stats.isDirectory(),
        () => false,
      );
      if (isDirectory) return candidate;
      // The program's own folder ends where its package.json or its archive lies.
      if (/app\.asar(\.unpacked)?$/.test(directory)) break;
      if (await isFile(path.join(directory, 'package.json'))) break;
      directory = path.dirname(directory);
    }
  }
  return null;
}

async function namedDefault(models: string): Promise<string | null> {
  const file = path.join(models, DEFAULT_FILE);
  if (!(await isFile(file))) return null;
  try {
    return defaultFileSchema.parse(JSON.parse(await readFile(file, 'utf8'))).bundle;
  } catch (cause) {
    throw new PhiscanError(
      'bundle-missing',
      `${file} was expected to say {"bundle": "<folder>"} and does not. Mend it, or name a bundle with --model.`,
      { cause },
    );
  }
}

async function bundlesIn(models: string): Promise<string[]> {
  const names: string[] = [];
  for (const name of await readdir(models)) {
    if (await isFile(path.join(models, name, 'manifest.json'))) names.push(name);
  }
  return names.sort();
}

function isFile(file: string): Promise<boolean> {
  return stat(file).then(
    (stats) => stats.isFile(),
    () => false,
  );
}
