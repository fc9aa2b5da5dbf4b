import type { RandomStream } from '../simulator/random-stream';

/** Shuffles in place (Fisher and Yates) and gives the array back. */
export function shuffle(values: Uint32Array, random: RandomStream): Uint32Array {
  for (let i = values.length - 1; i > 0; i--) {
    const j = random.integer(0, i);
    const held = values[i] ?? 0;
    values[i] = values[j] ?? 0;
    values[j] = held;
  }
  return values;
}
