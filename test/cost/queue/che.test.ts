import { describe, expect, it } from 'vitest';
import { cacheHitOf, lruHitRatio, ttlHitRatio } from '../../../src/cost/queue/che.ts';
import { sumOver, zipfPopularity } from '../../../src/cost/queue/zipf.ts';
import { createRandom } from '../../../src/stats/seeded-random.ts';

/** Hit ratio of a cache that is played: a Map keeps the order in which its keys were asked for. */
function playedLru(exponent: number, keys: number, size: number): number {
  const draw = zipfDraws(exponent, keys);
  const cache = new Map<number, true>();
  let hits = 0;
  const requests = 200_000;
  const warmUp = 20_000;
  for (let i = 0; i < requests + warmUp; i++) {
    const key = draw();
    if (cache.delete(key) && i >= warmUp) hits += 1;
    cache.set(key, true);
    const [oldest] = cache.keys();
    if (cache.size > size && oldest !== undefined) cache.delete(oldest);
  }
  return hits / requests;
}

function zipfDraws(exponent: number, keys: number): () => number {
  const cumulative = new Float64Array(keys);
  let total = 0;
  for (let k = 1; k <= keys; k++) cumulative[k - 1] = total += k ** -exponent;
  const random = createRandom(5, 'zipf');
  return () => {
    const at = random.next() * total;
    let from = 0;
    let to = keys - 1;
    while (from < to) {
      const middle = (from + to) >> 1;
      if ((cumulative[middle] ?? 0) <= at) from = middle + 1;
      else to = middle;
    }
    return from;
  };
}

describe('hit ratio of a cache that drops what was asked for least recently', () => {
  it.each([
    { exponent: 0.8, keys: 10_000, size: 500, hit: 0.3312 },
    { exponent: 1, keys: 10_000, size: 500, hit: 0.5867 },
    { exponent: 0.8, keys: 1000, size: 100, hit: 0.3778 },
  ])('of $size among $keys keys with Zipf $exponent', ({ exponent, keys, size, hit }) => {
    expect(lruHitRatio(zipfPopularity(exponent, keys), size)).toBeCloseTo(hit, 4);
    expect(Math.abs(playedLru(exponent, keys, size) - hit)).toBeLessThan(0.005);
  });

  it('is the share that it holds where all keys are alike', () => {
    // All are held for the same time, so that each is there with the same probability: size / keys.
    expect(lruHitRatio(zipfPopularity(0, 2000), 300)).toBeCloseTo(0.15, 10);
  });

  it.each([0.5, 0.9, 1, 1.5, 3])('grows with the size up to 1, with Zipf %s', (exponent) => {
    const popularity = zipfPopularity(exponent, 5000);
    const ratios = [1, 10, 100, 1000, 4000, 4999, 5000].map((size) => lruHitRatio(popularity, size));
    expect(ratios.toSorted((a, b) => a - b)).toEqual(ratios);
    expect(ratios.at(-1)).toBe(1);
    expect(new Set(ratios).size).toBe(ratios.length);
  });

  it('takes millions of keys in classes of like ones', () => {
    const keys = 300_000;
    const exact = Float64Array.from({ length: keys }, (_, k) => (k + 1) ** -0.9);
    const total = exact.reduce((sum, weight) => sum + weight, 0);
    const alone = { shares: exact.map((weight) => weight / total), counts: new Float64Array(keys).fill(1) };
    const classes = zipfPopularity(0.9, keys);
    expect(classes.shares.length).toBeLessThan(70_000);
    expect(sumOver(classes, () => 1)).toBe(keys);
    expect(sumOver(classes, (share) => share)).toBeCloseTo(1, 10);
    expect(lruHitRatio(classes, 30_000)).toBeCloseTo(lruHitRatio(alone, 30_000), 7);
  });
});

describe('cacheHitOf', () => {
  it('takes a share as it is and works one out of a popularity', () => {
    expect(cacheHitOf({ kind: 'share', hit: 0.3 })).toBe(0.3);
    expect(cacheHitOf({ kind: 'zipf', exponent: 1, keys: 10_000, size: 500 })).toBeCloseTo(0.5867, 4);
  });
});

describe('ttlHitRatio', () => {
  it('is what a cache that is played gives', () => {
    const hit = ttlHitRatio(zipfPopularity(0.8, 1000), 10, 60);
    expect(hit).toBeCloseTo(0.5477, 4);
    const draw = zipfDraws(0.8, 1000);
    const random = createRandom(9, 'ttl');
    const expires = new Float64Array(1000);
    let time = 0;
    let hits = 0;
    const requests = 300_000;
    for (let i = 0; i < requests; i++) {
      time -= Math.log(1 - random.next()) / 10;
      const key = draw();
      if ((expires[key] ?? 0) > time) hits += 1;
      else expires[key] = time + 60;
    }
    expect(Math.abs(hits / requests - hit)).toBeLessThan(0.005);
  });
});
