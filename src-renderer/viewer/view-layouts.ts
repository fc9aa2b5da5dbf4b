/** Views that stand side by side, by their indexes in the bag. */
export type ViewLayout = readonly number[];

/**
 * The layouts that a bag's views can be looked at in, in the order in which a key goes through
 * them: all, then two by two where there are more, then each alone.
 */
export function viewLayouts(viewCount: number): readonly ViewLayout[] {
  const all = Array.from({ length: Math.max(1, viewCount) }, (_, index) => index);
  const singles = all.map((index) => [index]);
  if (all.length === 1) return singles;
  const pairs = all.flatMap((index) => (index % 2 === 0 ? [all.slice(index, index + 2)] : []));
  const twoByTwo = all.length > 2 ? pairs.filter((pair) => pair.length === 2) : [];
  return [all, ...twoByTwo, ...singles];
}
