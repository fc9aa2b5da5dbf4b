const WANTED = 5;
const STEPS = [1, 2, 2.5, 5, 10];

/** About five round numbers within [from, to], for an axis. */
export function axisTicks(from: number, to: number): number[] {
  const span = to - from;
  if (!(span > 0) || !Number.isFinite(span)) return [from];
  const rough = span / (WANTED - 1);
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = power * (STEPS.find((factor) => factor * power >= rough * (1 - 1e-9)) ?? 10);
  const ticks: number[] = [];
  for (let at = Math.ceil(from / step - 1e-9); at * step <= to + 1e-9 * span; at++) {
    ticks.push(Number((at * step).toPrecision(12)));
  }
  return ticks;
}

/** A tick's number as people read it: thousands apart, no exponent where it can be helped. */
export function tickText(value: number): string {
  if (value !== 0 && Math.abs(value) < 1e-4) return value.toExponential(0);
  return value.toLocaleString('en-GB', { maximumSignificantDigits: 6 });
}
