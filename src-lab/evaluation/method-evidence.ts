import type { BagEvidence } from './bag-evidence';
import { bagEvidence, sizeEvidence } from './bag-evidence';
import { MethodFigures } from './detection-figures';
import type { MeasuredBag } from './measured-bag';
import { DARKNESS, MODEL } from './measured-bag';
import type { SizeWindow } from './size-windows';
import { sizeWindows } from './size-windows';

/** The scan's area in pixels as the bag's score: what the pictures' sizes alone give away. */
export const SIZE = 'size';

/** What one method says of all bags, in the order of the bags' weights. */
export interface MethodEvidence {
  readonly name: string;
  readonly benign: readonly BagEvidence[];
  readonly threat: readonly BagEvidence[];
  readonly figures: MethodFigures;
}

/**
 * The evidence of the model, darkness, the scan's size, and whatever else the bags were scored by,
 * in this order.
 * @param seed of the windows of size matching
 */
export function gatherEvidence(
  benign: readonly MeasuredBag[],
  threat: readonly MeasuredBag[],
  seed: number,
): MethodEvidence[] {
  const windows = sizeWindows(benign, threat, { seed });
  const isMasked = threat.some(({ regions }) => regions !== null);
  const names = new Set([MODEL, DARKNESS, SIZE, ...(benign[0]?.tiles.keys() ?? [])]);
  return [...names].map((name) => {
    const ofBenign = benign.map((bag, at) => benignEvidence(bag, name, windows[at], isMasked));
    const ofThreat = threat.map((bag) =>
      name === SIZE ? sizeEvidence(bag) : bagEvidence(bag, name, { pixels: 'masked' }),
    );
    const figures = new MethodFigures(ofBenign, ofThreat);
    return { name, benign: ofBenign, threat: ofThreat, figures };
  });
}

function benignEvidence(
  bag: MeasuredBag,
  name: string,
  windows: readonly SizeWindow[] = [],
  isMasked: boolean,
): BagEvidence {
  if (name === SIZE) return sizeEvidence(bag, { windows });
  return bagEvidence(bag, name, isMasked ? { windows, pixels: 'benign' } : { windows });
}
