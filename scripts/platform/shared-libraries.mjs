import { installDebianPackages } from './debian-packages.mjs';
import { capture } from './run-program.mjs';

/** What Electron links to, as Debian calls it; `a|b`: a on newer releases, b on older ones. */
const electronPackages = [
  'libasound2t64|libasound2',
  'libatk-bridge2.0-0t64|libatk-bridge2.0-0',
  'libatk1.0-0t64|libatk1.0-0',
  'libatspi2.0-0t64|libatspi2.0-0',
  'libcairo2',
  'libcups2t64|libcups2',
  'libdrm2',
  'libgbm1',
  'libgtk-3-0t64|libgtk-3-0',
  'libnss3',
  'libpango-1.0-0',
  'libxcomposite1',
  'libxdamage1',
  'libxfixes3',
  'libxkbcommon0',
  'libxrandr2',
];

/** Makes sure that the shared libraries Electron links to are there (Linux only). */
export async function ensureSharedLibraries({ executable }) {
  if (process.platform !== 'linux') return;
  const missing = missingLibraries(executable);
  if (missing.length === 0) return;
  await installDebianPackages(`Electron needs ${missing.join(', ')}`, electronPackages);
}

function missingLibraries(executable) {
  const { stdout } = capture('ldd', [executable]);
  return [...stdout.matchAll(/^\s*(\S+) => not found/gm)].map(([, name]) => name);
}
