/**
 * Seeded random numbers for the simulator: Chris Doty-Humphrey's sfc32 (PractRand), its state
 * drawn from the name of the stream by splitmix32-style mixing. A stream's numbers depend on its
 * name alone, so bag i does not depend on how many bags there are, nor a threat on the benign bag.
 */
export class RandomStream {
  private a: number;
  private b: number;
  private c: number;
  private counter = 1;

  /** @param key the words that name the stream: seed, bag index, purpose */
  constructor(readonly key: readonly (number | string)[]) {
    const mixed = hashKey(key);
    this.a = mix32(mixed + 0x9e3779b9);
    this.b = mix32(mixed + 0x3c6ef372);
    this.c = mix32(mixed + 0xdaa66d2b);
    for (let round = 0; round < 12; round++) this.next();
  }

  /** Uniform in [0, 1), 32 bits. */
  next(): number {
    const sum = (((this.a + this.b) | 0) + this.counter) | 0;
    this.counter = (this.counter + 1) | 0;
    this.a = this.b ^ (this.b >>> 9);
    this.b = (this.c + (this.c << 3)) | 0;
    this.c = (((this.c << 21) | (this.c >>> 11)) + sum) | 0;
    return (sum >>> 0) / 4_294_967_296;
  }

  /** Uniform in [from, to). */
  range(from: number, to: number): number {
    return from + (to - from) * this.next();
  }

  /** Uniform integer in [from, to], both included. */
  integer(from: number, to: number): number {
    return from + Math.floor(this.next() * (to - from + 1));
  }

  chance(probability: number): boolean {
    return this.next() < probability;
  }

  /** Standard normal by Box and Muller. */
  normal(): number {
    const radius = Math.sqrt(-2 * Math.log(1 - this.next()));
    return radius * Math.cos(2 * Math.PI * this.next());
  }

  pick<const T>(choices: readonly [T, ...T[]]): T {
    return choices[Math.floor(this.next() * choices.length)] ?? choices[0];
  }

  /** An independent stream: what is drawn from it leaves this one where it was. */
  substream(...words: readonly (number | string)[]): RandomStream {
    return new RandomStream([...this.key, ...words]);
  }

  /** A 32-bit number of the stream's name, for counter-based noise. */
  nameHash(): number {
    return hashKey(this.key);
  }
}

/** Avalanche of 32 bits: the finaliser of MurmurHash3 (Austin Appleby, public domain). */
export function mix32(value: number): number {
  let mixed = value | 0;
  mixed = Math.imul(mixed ^ (mixed >>> 16), 0x85ebca6b);
  mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2ae35);
  return mixed ^ (mixed >>> 16);
}

function hashKey(key: readonly (number | string)[]): number {
  let hash = 0x811c9dc5;
  for (const word of key) {
    for (const character of `${typeof word}:${String(word)};`) {
      hash = Math.imul(hash ^ character.charCodeAt(0), 0x01000193);
    }
    hash = mix32(hash);
  }
  return hash;
}
