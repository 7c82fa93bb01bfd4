import { createRandom } from '../stats/seeded-random.ts';

/**
 * The order of one round's points: a seeded shuffle, the same reversed in the next round, another shuffle after that.
 * A drift over a round then hits a point early in one round and late in the next, and cancels between them.
 */
export function roundOrder<T>(items: readonly T[], options: { seed: number; round: number }): readonly T[] {
  const shuffled = createRandom(options.seed, 'round-order', Math.floor(options.round / 2)).shuffle(items);
  return options.round % 2 === 0 ? shuffled : shuffled.toReversed();
}
