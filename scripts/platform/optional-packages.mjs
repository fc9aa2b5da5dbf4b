import { readFileSync } from 'node:fs';
import { inRepository } from './paths.mjs';

/**
 * The packages under node_modules that are there for optionalDependencies alone, worked out from
 * package-lock.json as Node resolves: the nearest node_modules upwards.
 * @returns {string[]} names such as `yargs` and `@tensorflow/tfjs`
 */
export function packagesOfOptionalEngines() {
  const { packages } = JSON.parse(readFileSync(inRepository('package-lock.json'), 'utf8'));
  const needed = new Set();
  const optional = new Set();
  const root = packages[''];
  for (const name of Object.keys(root.dependencies)) collect(packages, '', name, needed);
  for (const name of Object.keys(root.optionalDependencies)) collect(packages, '', name, optional);
  return [...optional]
    .filter((place) => !needed.has(place) && place.lastIndexOf('node_modules/') === 0)
    .map((place) => place.slice('node_modules/'.length));
}

function collect(packages, from, name, found) {
  const place = resolvePlace(packages, from, name);
  if (place === undefined || found.has(place)) return;
  found.add(place);
  const { dependencies = {}, optionalDependencies = {} } = packages[place];
  for (const next of Object.keys({ ...dependencies, ...optionalDependencies })) {
    collect(packages, place, next, found);
  }
}

function resolvePlace(packages, from, name) {
  const parents = from.split('/node_modules/');
  for (let depth = parents.length; depth >= 0; depth--) {
    const folder = parents.slice(0, depth).join('/node_modules/');
    const place = `${folder === '' ? '' : `${folder}/`}node_modules/${name}`;
    if (packages[place] !== undefined) return place;
  }
  return undefined;
}
