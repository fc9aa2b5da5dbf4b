import { access, mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { PhiscanError } from '../../src-shared/domain/phiscan-error';
import { DEFAULT_SCANNER } from './physics/scanner';
import { simulateBag, type SimulatedBag } from './simulate-bag';
import { SIMULATOR_VERSION } from './simulator-version';
import type { ThreatKind } from './threats/make-threat';
import { writeBagFiles, type BagFiles, type SimulationFormat } from './write-bag-files';

export interface SimulationPlan {
  readonly seed: number;
  /** Index of the first bag, from 0. */
  readonly first: number;
  readonly bags: number;
  readonly threat: ThreatKind;
  readonly format: SimulationFormat;
  readonly directory: string;
  readonly widthPx?: number;
  readonly heightPx?: number;
}

/** How many bags were written, and whether the person stopped before the last. */
export interface SimulationOutcome {
  readonly written: number;
  readonly stopped: boolean;
}

const LIST_NAME = 'simulation.json';

/**
 * Writes the plan's bags into its folder, and simulation.json, which lists them with the
 * simulator's version, the seed and the classes of what was packed. Stops between two bags when
 * the signal aborts; what was written until then is listed.
 * @throws PhiscanError `arguments-invalid` where the folder holds a simulation already
 */
export async function writeSimulation(
  plan: SimulationPlan,
  onProgress: (done: number, total: number) => void,
  signal: AbortSignal,
): Promise<SimulationOutcome> {
  await mkdir(plan.directory, { recursive: true });
  const listPath = join(plan.directory, LIST_NAME);
  if (await exists(listPath)) {
    throw new PhiscanError(
      'arguments-invalid',
      `The folder ${plan.directory} holds a simulation already (${LIST_NAME}). Choose another folder, or delete it first.`,
    );
  }
  const listed: object[] = [];
  try {
    for (let made = 0; made < plan.bags && !signal.aborted; made++) {
      const bag = simulateBag({
        seed: plan.seed,
        index: plan.first + made,
        threat: plan.threat,
        ...(plan.widthPx === undefined ? {} : { widthPx: plan.widthPx }),
        ...(plan.heightPx === undefined ? {} : { heightPx: plan.heightPx }),
      });
      listed.push(entryOf(bag, await writeBagFiles(bag, plan.format, plan.directory)));
      onProgress(made + 1, plan.bags);
      // Lets an interrupt be heard between two bags.
      await setImmediate();
    }
  } finally {
    const { seed, first, bags, threat, format } = plan;
    const list = {
      simulatorVersion: SIMULATOR_VERSION,
      seed,
      first,
      bags,
      threat,
      format,
      widthPx: plan.widthPx ?? null,
      heightPx: plan.heightPx ?? null,
      scanner: DEFAULT_SCANNER,
      entries: listed,
    };
    await writeFile(listPath, `${JSON.stringify(list, null, 1)}\n`);
  }
  return { written: listed.length, stopped: listed.length < plan.bags };
}

function entryOf(bag: SimulatedBag, files: BagFiles): object {
  const objects: Record<string, number> = {};
  for (const { className, benign } of bag.masks) {
    if (benign) objects[className] = (objects[className] ?? 0) + 1;
  }
  const threats = bag.masks
    .filter(({ benign }) => !benign)
    .map(({ label, className, mask: { x, y, width, height } }) => ({
      label,
      className,
      box: { x, y, width, height },
      mask: files.threatMasks.find((mask) => mask.label === label)?.file ?? null,
    }));
  const { index, bagKind, widthPx, heightPx, pixelPitchMm } = bag;
  return { index, files: files.scan, bagKind, widthPx, heightPx, pixelPitchMm, objects, threats };
}

async function exists(path: string): Promise<boolean> {
  try {
    await access(path);
    return true;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return false;
    throw error;
  }
}
