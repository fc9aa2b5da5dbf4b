import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { z } from 'zod';

/** The version in the package.json that this program was built or packaged with. */
export function programVersion(startDirectory = import.meta.dirname): string {
  let directory = startDirectory;
  while (!existsSync(path.join(directory, 'package.json'))) {
    const parent = path.dirname(directory);
    if (parent === directory) throw new Error(`no package.json lies above ${startDirectory}`);
    directory = parent;
  }
  const text = readFileSync(path.join(directory, 'package.json'), 'utf8');
  return z.object({ version: z.string() }).parse(JSON.parse(text)).version;
}
