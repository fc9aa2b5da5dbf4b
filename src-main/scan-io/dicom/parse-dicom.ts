import type { RgbPixels, SingleEnergyPixels } from '../../../src-shared/domain/scan';
import {
  DICOS_CT,
  DICOS_DX_FOR_PRESENTATION,
  DICOS_DX_FOR_PROCESSING,
  DICOS_THREAT_DETECTION_REPORT,
} from '../dicos/dicos-identifiers';
import { holdsBothEnergies, joinEnergyFrames } from '../dicos/energy-frames';
import type { ParsedScan } from '../parsed-scan';
import { checkViews, type ReadLimits } from '../read-limits';
import { truncated, unsupported } from '../scan-faults';
import { DicomElements, parseDicomElements } from './dicom-elements';
import { toFramePixels } from './frame-pixels';
import { readImageAttributes } from './image-attributes';
import { readFrames } from './read-frames';

const DICOS_DX = [DICOS_DX_FOR_PRESENTATION, DICOS_DX_FOR_PROCESSING];
const WANTED = 'Open the DX object of the scan instead.';

/**
 * Parses a DICOM or DICOS file that holds projections; every frame is a view, or every two frames
 * where the object says that it holds both energies.
 * @throws PhiscanError file-truncated, file-corrupt, format-unsupported, picture-too-small/-large
 */
export function parseDicom(bytes: Uint8Array, limits: ReadLimits): ParsedScan {
  const elements = new DicomElements(parseDicomElements(bytes, limits.maxFileBytes));
  const sopClass = elements.text('00080016') ?? elements.text('00020002') ?? '';
  if (sopClass === DICOS_THREAT_DETECTION_REPORT) {
    throw unsupported('DICOS', 'a threat detection report and no scan', WANTED);
  }
  if (sopClass === DICOS_CT) throw unsupported('DICOS', 'the slices of a CT scan', WANTED);
  const isDicos = DICOS_DX.includes(sopClass);
  if (elements.find('7fe00010') === undefined) {
    const isCutShort = isDicos || elements.find('00280010') !== undefined;
    if (isCutShort) throw truncated('DICOM', 'before its rows');
    throw unsupported('DICOM', 'no picture', WANTED);
  }
  const image = readImageAttributes(elements, limits);
  const frames: (SingleEnergyPixels | RgbPixels)[] = [];
  for (const frame of readFrames(elements, image, limits)) {
    frames.push(toFramePixels(frame, image));
  }
  const pixels = holdsBothEnergies(elements) ? joinEnergyFrames(frames) : frames;
  const { widthPx, heightPx, pixelPitchMm } = image;
  checkViews(pixels.length, widthPx, heightPx, limits);
  return {
    format: isDicos ? 'dicos' : 'dicom',
    views: pixels.map((viewPixels) => ({ widthPx, heightPx, pixelPitchMm, pixels: viewPixels })),
  };
}
