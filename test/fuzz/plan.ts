import { createRandom } from '../../src/stats/seeded-random.ts';
import type { Seed } from './mutate.ts';
import { mutate } from './mutate.ts';

/** The `index`th damaged file of a run: the same for the same seeds, wherever it is made. */
export function damagedFile(seeds: readonly Seed[], index: number, runSeed: number): Uint8Array {
  const random = createRandom(runSeed, 'fuzz', index);
  const seed = seeds[random.integer(seeds.length)];
  const donor = seeds[random.integer(seeds.length)];
  if (seed === undefined || donor === undefined) throw new RangeError('there are no seeds');
  return mutate(seed, random, donor);
}
