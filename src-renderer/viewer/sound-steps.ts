import { ORIGINAL_STEPS, type DisplaySteps } from '../../src-shared/imaging/display/display-steps';

const COLOURS: readonly unknown[] = ['palette', 'safe', 'grey'];
const MATERIALS: readonly unknown[] = ['all', 'organic', 'inorganic', 'metal'];
const DENSITIES: readonly unknown[] = ['all', 'dense', 'thin'];

/** Steps as they were kept, or null where what is there is none: an older program may have written it. */
export function soundSteps(kept: unknown): DisplaySteps | null {
  if (typeof kept !== 'object' || kept === null) return null;
  const steps = { ...ORIGINAL_STEPS, ...kept };
  const flags: readonly unknown[] = [steps.negative, steps.edges, steps.smooth];
  const isSound =
    COLOURS.includes(steps.colour) &&
    MATERIALS.includes(steps.material) &&
    (DENSITIES.includes(steps.density) || isWindow(steps.density)) &&
    flags.every((flag) => typeof flag === 'boolean') &&
    Number.isFinite(steps.gamma) &&
    steps.gamma > 0;
  return isSound ? steps : null;
}

function isWindow(density: unknown): boolean {
  if (typeof density !== 'object' || density === null) return false;
  const { from, to } = { from: undefined, to: undefined, ...density } as Record<string, unknown>;
  return typeof from === 'number' && typeof to === 'number' && from >= 0 && to > from;
}
