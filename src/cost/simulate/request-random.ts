import { createRandom } from '../../stats/seeded-random.ts';

/**
 * Random numbers by the index of a request: the same request gets the same one whatever happens before it, so that two
 * fleets that are compared meet the same luck (common random numbers). A Weyl sequence through MurmurHash3's finalizer
 * (Appleby; Steele, Lea and Flood, "Fast Splittable Pseudorandom Number Generators", 2014, with 32 bits).
 *
 * @returns uniform in 0 … below - 1 for an index
 */
export function byRequest(seed: number, label: string, below: number): (index: number) => number {
  const key = createRandom(seed, label).integer(2 ** 32);
  return (index) => {
    let h = (Math.imul(index, 0x9e3779b1) + key) | 0;
    h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
    h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
    h ^= h >>> 16;
    return Math.floor(((h >>> 0) / 2 ** 32) * below);
  };
}
