import { existsSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { readBundle } from '../src-main/engine/bundle/read-bundle';
import type { ModelBundle } from '../src-shared/domain/model-bundle';
import { writeRandomBundle } from './write-random-bundle';

/**
 * The newest bundle that is shipped, or, while none is, one of random weights of the shipped
 * shape: speed does not depend on the values.
 */
export async function benchBundle(
  modelsDirectory: string,
  temporaryDirectory: string,
): Promise<ModelBundle> {
  const shipped: ModelBundle[] = [];
  for (const id of existsSync(modelsDirectory) ? readdirSync(modelsDirectory) : []) {
    const directory = path.join(modelsDirectory, id);
    if (existsSync(path.join(directory, 'manifest.json')))
      shipped.push(await readBundle(directory));
  }
  shipped.sort((a, b) => b.manifest.createdAt.localeCompare(a.manifest.createdAt));
  return shipped[0] ?? writeRandomBundle(temporaryDirectory);
}
