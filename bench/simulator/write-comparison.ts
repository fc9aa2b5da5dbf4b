import { writeFileSync } from 'node:fs';
import { compareDualEnergy } from './compare-dual-energy';
import { compareWithReal } from './compare-with-real';

/**
 * Writes real-vs-simulated.json: `write-comparison REAL_SCANS_FOLDER OUT_FILE`. The scans are
 * read where they lie; only numbers are written.
 */
const [scans, out] = process.argv.slice(2);
if (scans === undefined || out === undefined) {
  process.stderr.write('Expected the folder of real scans and the file to write.\n');
  process.exitCode = 2;
} else {
  const exports = compareWithReal(`${scans}/sixray/train/benign`, 86, 0.55, 7);
  const dualEnergy = compareDualEnergy(`${scans}/dual-energy/background`, 30, 7);
  writeFileSync(out, `${JSON.stringify({ ...exports, dualEnergy }, null, 1)}\n`);
}
