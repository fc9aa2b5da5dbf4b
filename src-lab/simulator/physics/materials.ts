import { PhiscanError } from '../../../src-shared/domain/phiscan-error';

/** Energies of the attenuation table in keV. */
export const TABLE_ENERGIES_KEV = [50, 60, 80, 100, 120, 140] as const;

type Row = readonly [number, number, number, number, number, number];

/**
 * Linear attenuation μ in cm⁻¹ at the table's energies, of the material at its full density.
 * Source: W. T. Elam, B. D. Ravel, J. R. Sieber, "A new atomic database for X-ray spectroscopic
 * calculations", Radiation Physics and Chemistry 63 (2002), through xraydb 4.5.8; NIST's XCOM
 * agrees to the digits shown. Compositions: nylon-glass is nylon with 33 % glass by mass;
 * lithium-ion is the mean of a cell with its copper and aluminium foils.
 */
const TABLE = {
  water: [0.227, 0.206, 0.184, 0.171, 0.161, 0.154],
  polyethylene: [0.196, 0.185, 0.171, 0.162, 0.154, 0.147],
  abs: [0.21, 0.197, 0.182, 0.171, 0.163, 0.156],
  nylon: [0.236, 0.22, 0.202, 0.189, 0.18, 0.172],
  'nylon-glass': [0.344, 0.299, 0.256, 0.234, 0.219, 0.208],
  cotton: [0.314, 0.288, 0.26, 0.243, 0.23, 0.22],
  leather: [0.195, 0.18, 0.164, 0.153, 0.145, 0.139],
  paper: [0.167, 0.154, 0.139, 0.13, 0.123, 0.117],
  sugar: [0.334, 0.307, 0.277, 0.258, 0.245, 0.234],
  rubber: [0.193, 0.183, 0.169, 0.159, 0.151, 0.145],
  pvc: [0.629, 0.459, 0.317, 0.26, 0.231, 0.212],
  glass: [0.916, 0.698, 0.512, 0.435, 0.393, 0.365],
  'circuit-board': [0.458, 0.394, 0.335, 0.305, 0.285, 0.271],
  alumina: [1.15, 0.924, 0.725, 0.637, 0.585, 0.549],
  aluminium: [0.994, 0.75, 0.545, 0.46, 0.414, 0.384],
  'lithium-ion': [3.02, 1.93, 1.04, 0.709, 0.553, 0.467],
  titanium: [5.46, 3.45, 1.82, 1.22, 0.946, 0.794],
  steel: [15.4, 9.48, 4.68, 2.93, 2.12, 1.69],
  brass: [22.9, 14.0, 6.68, 4.0, 2.78, 2.13],
  copper: [23.4, 14.3, 6.84, 4.11, 2.86, 2.2],
  lead: [91.2, 56.9, 27.4, 62.9, 39.8, 27.1],
} as const satisfies Record<string, Row>;

export type MaterialName = keyof typeof TABLE;

export const MATERIAL_NAMES = Object.keys(TABLE) as readonly MaterialName[];

/**
 * Lead's K edge at 88.0 keV lies between two columns of the table: μ in cm⁻¹ just below and just
 * above it (NIST XCOM: 1.910 and 7.683 cm²/g, times 11.34 g/cm³).
 */
const LEAD_EDGE_KEV = 88.0045;
const LEAD_BELOW_EDGE = 21.66;
const LEAD_ABOVE_EDGE = 87.13;

/**
 * Linear attenuation in cm⁻¹ at an energy, by straight lines in log μ against log E; the first and
 * last segments are prolonged to 40 and 160 keV.
 * @throws PhiscanError `arguments-invalid` outside 40–160 keV
 */
export function attenuationPerCm(material: MaterialName, energyKev: number): number {
  if (!(energyKev >= 40 && energyKev <= 160)) {
    throw new PhiscanError(
      'arguments-invalid',
      `The attenuation table serves 40 to 160 keV, but ${String(energyKev)} keV was asked for. Choose energy bins within it.`,
    );
  }
  const knots = knotsOf(material);
  let right = 1;
  while (right < knots.length - 1 && (knots[right]?.[0] ?? 0) < energyKev) right++;
  const [energy0, mu0] = knots[right - 1] ?? [1, 0];
  const [energy1, mu1] = knots[right] ?? [1, 0];
  const share = Math.log(energyKev / energy0) / Math.log(energy1 / energy0);
  return mu0 * Math.pow(mu1 / mu0, share);
}

function knotsOf(material: MaterialName): readonly (readonly [number, number])[] {
  const row = TABLE[material];
  const knots: [number, number][] = TABLE_ENERGIES_KEV.map((energy, at) => [energy, row[at] ?? 0]);
  if (material === 'lead') {
    knots.splice(3, 0, [LEAD_EDGE_KEV - 1e-4, LEAD_BELOW_EDGE], [LEAD_EDGE_KEV, LEAD_ABOVE_EDGE]);
  }
  return knots;
}
