/**
 * Millimetres a pixel where a raster file's resolution can be a scanner's, else null: 72 and 96
 * dots an inch (0.35 and 0.26 mm) and finer are what programs write when they know nothing.
 */
export function plausiblePitch(mm: number): number | null {
  return mm >= 0.4 && mm <= 20 ? mm : null;
}
