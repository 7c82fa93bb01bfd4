import type { Random } from './seeded-random.ts';

/**
 * Fills an array with indices below `size`, uniform and with repeats: what a resample picks. A bootstrap draws tens of
 * millions, so the generator is written out: xoshiro128** (Blackman and Vigna, ACM Transactions on Mathematical
 * Software 47, 2021), seeded from `random`. The index is the upper part of a product (Lemire, 2019), whose bias, below
 * size / 2^32, is far below what a bootstrap can show.
 */
export function indexDrawer(size: number, random: Random): (into: Uint32Array) => void {
  const [s0, s1, s2, s3] = [0, 1, 2, 3].map(() => random.integer(2 ** 32) | 0);
  let [a, b, c, d] = [s0 ?? 0, s1 ?? 0, s2 ?? 0, (s3 ?? 0) | 1];
  return (into) => {
    for (let i = 0; i < into.length; i++) {
      const scrambled = Math.imul(b, 5);
      const word = Math.imul((scrambled << 7) | (scrambled >>> 25), 9) >>> 0;
      const shifted = b << 9;
      c ^= a;
      d ^= b;
      b ^= c;
      a ^= d;
      c ^= shifted;
      d = (d << 11) | (d >>> 21);
      into[i] = (word / 2 ** 32) * size;
    }
  };
}
