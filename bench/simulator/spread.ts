/** Tenth, fiftieth and ninetieth percentile over pictures. */
export interface Spread {
  readonly p10: number;
  readonly median: number;
  readonly p90: number;
}

export function spread(values: readonly number[]): Spread {
  const sorted = [...values].sort((a, b) => a - b);
  const at = (share: number): number => {
    const value = sorted[Math.round(share * (sorted.length - 1))] ?? 0;
    return Number(value.toFixed(4));
  };
  return { p10: at(0.1), median: at(0.5), p90: at(0.9) };
}
