import { encode } from 'fast-png';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { writeDicosDx } from '../../src-main/scan-io/dicom/write-dicos-dx';
import { missingCaseError } from '../../src-shared/domain/missing-case-error';
import { renderMaterialPalette } from '../../src-shared/imaging/material-palette';
import { DEFAULT_SCANNER } from './physics/scanner';
import type { ObjectTruth, SimulatedBag } from './simulate-bag';

export const SIMULATION_FORMATS = ['png16', 'dicos', 'png'] as const;
export type SimulationFormat = (typeof SIMULATION_FORMATS)[number];

/** Names of the files of a bag, relative to the simulation's folder. */
export interface BagFiles {
  /** One file, or low and high in this order. */
  readonly scan: readonly string[];
  /** One 8-bit mask a threat: 255 where it lies, the size of the scan. */
  readonly threatMasks: readonly { readonly label: string; readonly file: string }[];
}

/** Name of a bag's files without their ends: bags are numbered from 1. */
export function bagName(index: number): string {
  return `bag-${String(index + 1).padStart(6, '0')}`;
}

/** Writes a bag's scan and the masks of its threats. */
export async function writeBagFiles(
  bag: SimulatedBag,
  format: SimulationFormat,
  directory: string,
): Promise<BagFiles> {
  const name = bagName(bag.index);
  const scan: string[] = [];
  for (const [ending, bytes] of scanBytes(bag, format)) {
    await writeFile(join(directory, `${name}${ending}`), bytes);
    scan.push(`${name}${ending}`);
  }
  const threats = bag.masks.filter(({ benign }) => !benign);
  const threatMasks: { label: string; file: string }[] = [];
  if (threats.length > 0) await mkdir(join(directory, `${name}.masks`), { recursive: true });
  for (const threat of threats) {
    const file = `${name}.masks/${threat.label}.png`;
    await writeFile(join(directory, file), maskPng(bag, threat));
    threatMasks.push({ label: threat.label, file });
  }
  return { scan, threatMasks };
}

function scanBytes(bag: SimulatedBag, format: SimulationFormat): [string, Uint8Array][] {
  const { widthPx: width, heightPx: height, low, high } = bag;
  switch (format) {
    case 'png16': {
      const grey = (data: Uint16Array): Uint8Array =>
        encode({ width, height, data, channels: 1, depth: 16 });
      return [
        ['_low.png', grey(low)],
        ['_high.png', grey(high)],
      ];
    }
    case 'dicos': {
      const pixels = { kind: 'dual-energy', low, high } as const;
      const { pixelPitchMm } = bag;
      return [['.dcs', writeDicosDx([{ widthPx: width, heightPx: height, pixelPitchMm, pixels }])]];
    }
    case 'png': {
      const open = DEFAULT_SCANNER.openBeamCounts;
      const data = renderMaterialPalette(low, high, open, open);
      return [['.png', encode({ width, height, data, channels: 3, depth: 8 })]];
    }
    default:
      throw missingCaseError(format);
  }
}

function maskPng(bag: SimulatedBag, { mask }: ObjectTruth): Uint8Array {
  const data = new Uint8Array(bag.widthPx * bag.heightPx);
  for (let row = 0; row < mask.height; row++) {
    for (let column = 0; column < mask.width; column++) {
      if (mask.bitmap[row * mask.width + column] !== 1) continue;
      data[(mask.y + row) * bag.widthPx + mask.x + column] = 255;
    }
  }
  return encode({ width: bag.widthPx, height: bag.heightPx, data, channels: 1, depth: 8 });
}
