import type { BeamParameters } from './scanner-spectrum';

/**
 * The scanner that is simulated. The fan lies across the belt: the detector axis is the picture's
 * vertical and magnifies, the belt is its horizontal and does not.
 */
export interface SimulatedScanner {
  readonly name: string;
  readonly beam: BeamParameters;
  /** Millimetres a pixel on both axes, measured at the plane of the belt. */
  readonly pixelPitchMm: number;
  /** Distance of the tube's focus below the belt. */
  readonly sourceToBeltMm: number;
  /** Place of the focus across the belt, from the middle of the picture. */
  readonly sourceOffsetMm: number;
  /** 1 where the bag's front end is at the picture's left, −1 where the belt runs the other way. */
  readonly beltDirection: 1 | -1;
  /** Detector counts of both channels in the open beam, of 65,535. */
  readonly openBeamCounts: number;
  /** Photons a pixel that make the open-beam signal of each channel. */
  readonly openBeamPhotons: { readonly low: number; readonly high: number };
  /** Readout noise in counts, standard deviation. */
  readonly readoutCounts: number;
  /** Standard deviation of the blur in pixels: scintillator, focus and belt motion together. */
  readonly blurSigmaPx: number;
  /** Standard deviation of what gain correction leaves between detector channels, relative. */
  readonly rowGainError: number;
  /** Open beam around the bag, in pixels, from and to. */
  readonly marginPx: readonly [number, number];
}

export const DEFAULT_SCANNER: SimulatedScanner = {
  name: 'simulated-160kv',
  beam: {
    tubeKv: 160,
    binsKev: [50, 60, 72, 90, 112, 138],
    aluminiumMm: 3,
    copperMm: 0.6,
    frontFallPower: 3,
  },
  pixelPitchMm: 1.0,
  sourceToBeltMm: 750,
  sourceOffsetMm: 0,
  beltDirection: 1,
  openBeamCounts: 60_000,
  openBeamPhotons: { low: 40_000, high: 20_000 },
  readoutCounts: 5,
  blurSigmaPx: 0.5,
  rowGainError: 0.0015,
  marginPx: [8, 26],
};
