import { ensureBuilt } from '../platform/build.mjs';
import { ensureDependencies } from '../platform/dependencies.mjs';
import { provideElectron } from '../platform/electron-runtime.mjs';
import { electronInvocation, requireSandbox } from '../platform/open-program.mjs';
import { inRepository } from '../platform/paths.mjs';
import { runProgram } from '../platform/run-program.mjs';
import { say } from '../platform/say.mjs';
import { ensureSharedLibraries } from '../platform/shared-libraries.mjs';
import {
  ensureVirtualDisplay,
  hasDisplay,
  withVirtualDisplay,
} from '../platform/virtual-display.mjs';

/** Where the demonstration writes its overlays and the picture of the window. */
const demonstrationFolder = 'out';

export async function run(args) {
  await ensureDependencies();
  const runtime = await provideElectron();
  await ensureSharedLibraries(runtime);
  requireSandbox(runtime);
  if (!hasDisplay()) await ensureVirtualDisplay();
  await ensureBuilt();
  if (hasDisplay()) return open(runtime, process.env, args);
  say(
    `no display here: screening the demo scans in the real program on a virtual one; overlays and a picture of the window go to ${demonstrationFolder}/`,
  );
  return withVirtualDisplay((env) =>
    // A machine without a display has no desktop bus either, which Chromium would report at length.
    open(
      runtime,
      env,
      ['--demonstrate', '--out', inRepository(demonstrationFolder), ...args],
      ['--log-level=3'],
    ),
  );
}

function open(runtime, baseEnv, args, chromiumSwitches = []) {
  const { env, args: own } = electronInvocation(runtime, baseEnv);
  return runProgram(runtime.executable, [...own, ...chromiumSwitches, inRepository(), ...args], {
    env,
  });
}
