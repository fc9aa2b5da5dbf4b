/**
 * Colours of the machine's marks. Every line has a black casing: on any colour of a scanner's
 * palette, and on any grey, the line or its casing stands out at 3:1 or more (a test holds them to
 * the palettes). A darker magenta would not: between its contrast and the casing's there would be
 * mid-dark blues, greens and greys on which neither reaches 3:1.
 */
export const OVERLAY_COLOURS = {
  alarm: '#ff7cd4',
  casing: '#000000',
  /** Words on a flag of the alarm's or the opaque area's colour. */
  onFlag: '#16040f',
  opaque: '#f2b84b',
} as const;

/** Lines of the alarm area's hatching, in CSS pixels: most of the picture lies between them. */
export const HATCH = { spacingPx: 16, linePx: 1.5, casingPx: 3 } as const;
