import { sumOver, zipfPopularity } from './zipf.ts';
import type { Popularity } from './zipf.ts';

/** What is known of an exact cache: its hit ratio, or what it holds of things asked for by Zipf's law. */
export type CacheDescription =
  | { readonly kind: 'share'; readonly hit: number }
  | { readonly kind: 'zipf'; readonly exponent: number; readonly keys: number; readonly size: number };

/** Share of the requests that a cache answers. */
export function cacheHitOf(cache: CacheDescription): number {
  if (cache.kind === 'share') return cache.hit;
  return lruHitRatio(zipfPopularity(cache.exponent, cache.keys), cache.size);
}

/**
 * Hit ratio of a cache that drops what was asked for least recently: Che, Tung and Wang, "Hierarchical Web Caching
 * Systems", IEEE JSAC 20 (2002). For requests that are independent of each other: bursts and drift make it worse or
 * better.
 *
 * @param size things that it holds, above 0
 */
export function lruHitRatio(popularity: Popularity, size: number): number {
  const keys = sumOver(popularity, () => 1);
  if (size >= keys) return 1;
  const time = characteristicTime(popularity, size);
  return sumOver(popularity, (share) => share * -Math.expm1(-share * time));
}

/**
 * How many requests go by until a thing that nobody asks for is dropped: as many as touch `size` different things. That
 * number grows ever slower, so that Newton's method, which begins with too few, never goes too far.
 */
function characteristicTime(popularity: Popularity, size: number): number {
  let time = size;
  for (let i = 0; i < 1000; i++) {
    const held = sumOver(popularity, (share) => -Math.expm1(-share * time));
    const slope = sumOver(popularity, (share) => share * Math.exp(-share * time));
    const step = (size - held) / slope;
    time += step;
    if (!(step > time * 1e-13)) break;
  }
  return time;
}

/**
 * Hit ratio of a cache that drops a thing a fixed time after it was stored, however often it is asked for, and has room
 * for all: between two storings lie as many hits as requests come in that time.
 *
 * @param perSecond requests for anything
 */
export function ttlHitRatio(popularity: Popularity, perSecond: number, ttlSeconds: number): number {
  return sumOver(popularity, (share) => {
    const requests = share * perSecond * ttlSeconds;
    return (share * requests) / (1 + requests);
  });
}
