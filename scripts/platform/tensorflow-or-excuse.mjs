import { LauncherError, say } from './say.mjs';
import { provideTensorflow } from './tensorflow-library.mjs';

/**
 * Provides TensorFlow for a command that can do without it. Where it cannot be had, that is said in
 * one line and false returned; under CI it is an error, so that no engine goes untested unnoticed.
 */
export async function tensorflowOrExcuse(whatSuffers) {
  try {
    await provideTensorflow();
    return true;
  } catch (error) {
    if (!(error instanceof LauncherError) || process.env.CI) throw error;
    say(`${error.message}\nphiscan: ${whatSuffers}`);
    return false;
  }
}
