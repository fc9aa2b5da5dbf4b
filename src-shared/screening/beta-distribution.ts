/** Terms of the continued fraction; it converges in about the root of the larger parameter. */
const MAX_TERMS = 1000;
const BISECTIONS = 60;
const TINY = 1e-300;

/**
 * P(X ≤ x) of the Beta distribution: the regularised incomplete beta function, by its continued
 * fraction (Abramowitz and Stegun 26.5.8) evaluated as Lentz did.
 * @param x in [0, 1]
 * @param a above 0
 * @param b above 0
 */
export function betaShareUnder(x: number, a: number, b: number): number {
  if (x <= 0) return 0;
  if (x >= 1) return 1;
  // The fraction converges fast on this side of the mean alone.
  if (x > (a + 1) / (a + b + 2)) return 1 - betaShareUnder(1 - x, b, a);
  const logFactor =
    logGamma(a + b) - logGamma(a) - logGamma(b) + a * Math.log(x) + b * Math.log1p(-x);
  let c = 1;
  let d = awayFromZero(1 - ((a + b) * x) / (a + 1));
  d = 1 / d;
  let fraction = d;
  for (let m = 1; m <= MAX_TERMS; m += 1) {
    const even = (m * (b - m) * x) / ((a + 2 * m - 1) * (a + 2 * m));
    d = 1 / awayFromZero(1 + even * d);
    c = awayFromZero(1 + even / c);
    fraction *= d * c;
    const odd = (-(a + m) * (a + b + m) * x) / ((a + 2 * m) * (a + 2 * m + 1));
    d = 1 / awayFromZero(1 + odd * d);
    c = awayFromZero(1 + odd / c);
    const factor = d * c;
    fraction *= factor;
    if (Math.abs(factor - 1) < 1e-13) break;
  }
  return Math.min(1, (Math.exp(logFactor) * fraction) / a);
}

/** The x that a share of the Beta distribution lies under: the inverse of `betaShareUnder`. */
export function betaQuantile(share: number, a: number, b: number): number {
  let low = 0;
  let high = 1;
  for (let step = 0; step < BISECTIONS; step += 1) {
    const middle = (low + high) / 2;
    if (betaShareUnder(middle, a, b) < share) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
}

function awayFromZero(value: number): number {
  return Math.abs(value) < TINY ? TINY : value;
}

/** ln Γ(x) for x > 0: Stirling's series (Abramowitz and Stegun 6.1.41) from x + 8 on. */
function logGamma(x: number): number {
  let product = 1;
  let z = x;
  for (; z < 8; z += 1) product *= z;
  const inverse = 1 / (z * z);
  const series = (1 / 12 - inverse * (1 / 360 - inverse * (1 / 1260 - inverse / 1680))) / z;
  return (z - 0.5) * Math.log(z) - z + Math.log(2 * Math.PI) / 2 + series - Math.log(product);
}
