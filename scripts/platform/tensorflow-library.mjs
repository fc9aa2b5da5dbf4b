import { existsSync, lstatSync, realpathSync } from 'node:fs';
import { mkdir, readdir, rename, rm, symlink } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { installDebianPackages } from './debian-packages.mjs';
import { requireHash } from './file-hash.mjs';
import { isReachable } from './is-reachable.mjs';
import { nodeApiHeaders } from './node-api-headers.mjs';
import { cacheFolder, inRepository } from './paths.mjs';
import { isPrepared, prepareFolder } from './prepared-folder.mjs';
import { capture, findProgram, mustRun, runProgram } from './run-program.mjs';
import { LauncherError, progress, say } from './say.mjs';
import { extractZip } from './zip-archive.mjs';

/*
 * TensorFlow's C library for @tensorflow/tfjs-node-gpu. The package's own install script downloads
 * it; where that host is out of reach, the same library is taken from PyPI's tensorflow-cpu wheel
 * and the package's binding (two C++ files over Node-API) is compiled against it.
 */

const bindingFolder = inRepository('node_modules', '@tensorflow', 'tfjs-node-gpu');
const bindingFile = join(bindingFolder, 'lib', 'napi-v8', 'tfjs_binding.node');

const wheel = {
  requirement: 'tensorflow-cpu==2.15.1',
  version: '2.15.1',
  megabytes: 207,
  sha256: '54660c074d7241a503e81edfd9f5ef5af88f64051b72e2945f26318c790f2d26',
  /** Any Python's pip fetches this one file, whatever version that Python has. */
  selectors: ['--python-version', '3.11', '--implementation', 'cp', '--abi', 'cp311'],
  platform: 'manylinux_2_17_x86_64',
};

const storageHost = 'storage.googleapis.com';

/** Whether the binding is there and its library loads, checked by loading it in a Node of its own. */
export function tensorflowLoads() {
  if (!existsSync(bindingFile)) return false;
  const probe =
    "require('node:util').isNullOrUndefined ??= (v) => v == null; require(process.argv[1]).getBackend()";
  const env = { ...process.env, TF_CPP_MIN_LOG_LEVEL: '2' };
  return capture(process.execPath, ['-e', probe, bindingFolder], { env }).status === 0;
}

/**
 * Makes `import '@tensorflow/tfjs-node-gpu'` work. Silent where it already does.
 * @throws {LauncherError} saying what is missing
 */
export async function provideTensorflow() {
  if (!existsSync(bindingFolder)) {
    throw new LauncherError('@tensorflow/tfjs-node-gpu is not installed: npm left it out');
  }
  if (isLinkedToCache() || tensorflowLoads()) return;
  if (await tryOfficialDownload()) return;
  if (process.platform !== 'linux' || process.arch !== 'x64') {
    throw new LauncherError(
      `TensorFlow's own download is out of reach, and for ${process.platform} ${process.arch} there is no other`,
    );
  }
  const folder = cachedLibraryFolder();
  if (!isPrepared(folder)) await prepareFolder(folder, buildLibrary);
  await linkToCache(folder);
  if (!tensorflowLoads()) {
    throw new LauncherError(
      `TensorFlow's library in ${folder} does not load; delete that folder and try again`,
    );
  }
}

const cachedLibraryFolder = () =>
  join(cacheFolder(), `tensorflow-${wheel.version}-tfjs-4.22.0-napi-v8`);

/** Links made by an earlier run whose target is whole: the fast check of every start. */
function isLinkedToCache() {
  const deps = join(bindingFolder, 'deps');
  return (
    existsSync(bindingFile) &&
    lstatSync(deps).isSymbolicLink() &&
    isPrepared(dirname(realpathSync(deps)))
  );
}

async function linkToCache(folder) {
  for (const name of ['deps', 'lib']) {
    const place = join(bindingFolder, name);
    await rm(place, { recursive: true, force: true });
    await symlink(join(folder, name), place);
  }
}

async function tryOfficialDownload() {
  const redirected = ['TFJS_NODE_CDN_STORAGE', 'TFJS_NODE_BASE_URI', 'HTTPS_PROXY', 'https_proxy'];
  if (!redirected.some((name) => process.env[name]) && !(await isReachable(storageHost))) {
    say(`TensorFlow's own download is out of reach; taking the library from PyPI instead`);
    return false;
  }
  say("downloading TensorFlow's C library with its package's own install script");
  const env = {
    ...process.env,
    PATH: `${inRepository('node_modules', '.bin')}:${process.env.PATH}`,
  };
  const code = await runProgram(process.execPath, ['scripts/install.js', 'gpu', 'download'], {
    cwd: bindingFolder,
    env,
    stdio: ['ignore', 'ignore', 2],
  });
  return code === 0 && tensorflowLoads();
}

async function buildLibrary(workFolder) {
  await requireTools();
  const wheelFile = await downloadWheel(join(workFolder, 'download'));
  const show = progress("unpacking TensorFlow's library", 100);
  await extractZip(wheelFile, placeOfWheelEntry, workFolder, (done, all) =>
    show((100 * done) / all),
  );
  const libraries = join(workFolder, 'deps', 'lib');
  await symlink('libtensorflow_cc.so.2', join(libraries, 'libtensorflow.so'));
  await symlink('libtensorflow_framework.so.2', join(libraries, 'libtensorflow_framework.so'));
  await rm(dirname(wheelFile), { recursive: true });
  await compileBinding(workFolder);
}

/** The two libraries, and of the wheel's 9,900 headers those that its C interface includes. */
function placeOfWheelEntry(name) {
  const library = /^tensorflow\/(libtensorflow_(?:cc|framework)\.so\.2)$/.exec(name);
  if (library) return join('deps', 'lib', library[1]);
  const header =
    /^tensorflow\/(include\/(?:tensorflow\/c|tsl\/c|(?:tensorflow\/core|tsl)\/platform\/ctstring)[^.]*\.h)$/.exec(
      name,
    );
  return header ? join('deps', header[1]) : undefined;
}

async function downloadWheel(folder) {
  await mkdir(folder);
  say(`downloading ${wheel.requirement} with pip (${wheel.megabytes} MB)`);
  await mustRun('the download of TensorFlow', 'python3', [
    ...['-m', 'pip', 'download', '--quiet', '--no-deps', '--only-binary', ':all:'],
    ...[...wheel.selectors, '--platform', wheel.platform, '--dest', folder, wheel.requirement],
  ]);
  const [name] = await readdir(folder);
  const wheelFile = join(folder, name);
  await requireHash(wheelFile, 'sha256', 'hex', wheel.sha256);
  return wheelFile;
}

async function compileBinding(workFolder) {
  say("compiling TensorFlow.js's binding");
  const output = join(workFolder, 'lib', 'napi-v8');
  await mkdir(output, { recursive: true });
  const sources = ['tfjs_backend.cc', 'tfjs_binding.cc'];
  const partial = join(workFolder, 'tfjs_binding.node');
  await mustRun('compiling the binding', 'g++', [
    ...['-shared', '-fPIC', '-O2', '-std=c++17', '-w', '-DNAPI_VERSION=8'],
    ...['-I', bindingFolder, '-I', join(workFolder, 'deps', 'include')],
    ...['-I', await nodeApiHeaders()],
    ...sources.map((name) => join(bindingFolder, 'binding', name)),
    ...['-L', join(workFolder, 'deps', 'lib'), '-ltensorflow', '-ltensorflow_framework'],
    ...['-Wl,-rpath,$ORIGIN/../../deps/lib', '-o', partial],
  ]);
  await rename(partial, join(output, 'tfjs_binding.node'));
}

async function requireTools() {
  const missing = [];
  if (!findProgram('g++')) missing.push('g++');
  if (!findProgram('python3') || capture('python3', ['-m', 'pip', '--version']).status !== 0) {
    missing.push('python3', 'python3-pip');
  }
  if (missing.length > 0) await installDebianPackages('to build the tensorflow engine', missing);
}
