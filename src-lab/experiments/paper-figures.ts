import type { MethodName } from '../baselines/anomaly-method';
import type { ProtocolName } from './experiment-settings';

/**
 * AUC and inference time as printed in the GANomaly paper (ACCV 2018, arXiv 1805.06725), measured
 * on its authors' private X-ray sets; Skip-GANomaly's of 2019 are from memory. `null` where no
 * figure is at hand.
 */
interface PaperFigures {
  readonly auroc: Readonly<Record<string, number>>;
  readonly overall: number;
}

const UBA: Partial<Record<MethodName, PaperFigures>> = {
  anogan: { auroc: { gun: 0.598, 'gun-part': 0.511, knife: 0.599 }, overall: 0.569 },
  egbad: { auroc: { gun: 0.614, 'gun-part': 0.591, knife: 0.587 }, overall: 0.597 },
  ganomaly: { auroc: { gun: 0.747, 'gun-part': 0.662, knife: 0.52 }, overall: 0.643 },
  'skip-ganomaly': { auroc: { gun: 0.972, 'gun-part': 0.945, knife: 0.935 }, overall: 0.94 },
};

const FFOB: Partial<Record<MethodName, PaperFigures>> = {
  anogan: { auroc: { 'full-weapon': 0.703 }, overall: 0.703 },
  egbad: { auroc: { 'full-weapon': 0.712 }, overall: 0.712 },
  ganomaly: { auroc: { 'full-weapon': 0.882 }, overall: 0.882 },
  'skip-ganomaly': { auroc: { 'full-weapon': 0.903 }, overall: 0.903 },
};

const MILLISECONDS: Partial<Record<MethodName, string>> = {
  anogan: '7110–7223',
  egbad: '8.7–8.9',
  ganomaly: '2.2–2.8',
};

/** The paper's figure of a method on a class, or `overall`; null where none is at hand. */
export function paperAuroc(
  protocol: ProtocolName,
  method: string,
  className: string,
): number | null {
  const table = protocol === 'uba' ? UBA : protocol === 'ffob' ? FFOB : {};
  const figures = (table as Record<string, PaperFigures | undefined>)[method];
  if (figures === undefined) return null;
  return className === 'overall' ? figures.overall : (figures.auroc[className] ?? null);
}

/** The paper's inference time in milliseconds a picture (its machine is not recorded), or null. */
export function paperMilliseconds(method: string): string | null {
  return (MILLISECONDS as Record<string, string | undefined>)[method] ?? null;
}
