/** A reproducible stream of random numbers. */
export interface Random {
  /** Uniform in [0, 1), with 53 random bits. */
  next(): number;
  /** Uniform in 0 … below - 1. */
  integer(below: number): number;
  /** Standard normal. */
  normal(): number;
  /** The same items in random order; the argument is left as it is. */
  shuffle<T>(items: readonly T[]): T[];
}

/** 32-bit words from a string: xmur3 (bryc, "PRNGs", public domain), which ends in MurmurHash3's mixing (Appleby). */
function hashWords(text: string): () => number {
  let h = 1779033703 ^ text.length;
  for (let i = 0; i < text.length; i++) {
    h = Math.imul(h ^ text.charCodeAt(i), 3432918353);
    h = (h << 13) | (h >>> 19);
  }
  return () => {
    h = Math.imul(h ^ (h >>> 16), 2246822507);
    h = Math.imul(h ^ (h >>> 13), 3266489909);
    h ^= h >>> 16;
    return h >>> 0;
  };
}

/** Unsigned 32-bit words of sfc32, a small fast counting generator with 128 bits of state (Doty-Humphrey, PractRand). */
function sfc32(word: () => number): () => number {
  let a = word() | 0;
  let b = word() | 0;
  let c = word() | 0;
  let counter = 1;
  const step = (): number => {
    const result = (((a + b) | 0) + counter) | 0;
    counter = (counter + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = (((c << 21) | (c >>> 11)) + result) | 0;
    return result >>> 0;
  };
  // PractRand's seeding discards this many words so that close seeds have drifted apart.
  for (let i = 0; i < 15; i++) step();
  return step;
}

/**
 * Random numbers fixed by a seed and the labels of what they are for. Other labels give an independent stream, so that
 * one more draw in one place (an input, a flip of the arms) changes nothing in another.
 */
export function createRandom(seed: number, ...labels: readonly (string | number)[]): Random {
  const word = sfc32(hashWords(JSON.stringify([seed, ...labels])));
  const next = (): number => ((word() >>> 5) * 2 ** 26 + (word() >>> 6)) / 2 ** 53;
  return {
    next,
    integer: (below) => Math.floor(next() * below),
    // Box and Muller, "A Note on the Generation of Random Normal Deviates" (1958); 1 - next() is never 0.
    normal: () => Math.sqrt(-2 * Math.log(1 - next())) * Math.cos(2 * Math.PI * next()),
    shuffle: (items) =>
      items
        .map((item) => ({ item, key: next() }))
        .toSorted((first, second) => first.key - second.key)
        .map(({ item }) => item),
  };
}
