import { existsSync } from 'node:fs';
import { mkdtemp, readdir } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { mustRunNpm } from './npm-client.mjs';
import { mustRun } from './run-program.mjs';

/** The npm package that carries the same headers, for a Node that came without its own. */
const headersPackage = 'node-api-headers@1.9.0';

/** A folder with `node_api.h`: beside this Node as its releases and Debian lay it out, else from npm. */
export async function nodeApiHeaders() {
  const own = [dirname(dirname(process.execPath)), process.env.npm_config_nodedir ?? '/usr']
    .map((prefix) => join(prefix, 'include', 'node'))
    .find((folder) => existsSync(join(folder, 'node_api.h')));
  if (own) return own;
  const folder = await mkdtemp(join(tmpdir(), 'phiscan-headers-'));
  await mustRunNpm(
    "Node-API's headers",
    ['pack', headersPackage, '--silent', '--pack-destination', folder],
    { stdio: ['ignore', 'ignore', 2] },
  );
  const [archive] = await readdir(folder);
  await mustRun("unpacking Node-API's headers", 'tar', [
    '-xzf',
    join(folder, archive),
    '-C',
    folder,
  ]);
  return join(folder, 'package', 'include');
}
