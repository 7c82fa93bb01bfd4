import type { ArrivalPattern } from '../load.ts';
import { unitArrivals } from '../../stats/arrivals.ts';

/** Numbers that are kept at most: 32 MiB of them. */
const mostKept = 4 * 1024 ** 2;

/**
 * Arrivals that are drawn once for all fleets which meet the same ones, at whatever rate: drawing them takes longer than
 * simulating a fleet under them.
 */
export class DrawnArrivals {
  readonly #seed: number;
  /** As many as any simulation takes. */
  readonly #requests: number;
  readonly #known = new Map<string, Float64Array>();

  constructor(seed: number, requests: number) {
    this.#seed = seed;
    this.#requests = requests;
  }

  /** The first requests of a pattern, as a trace of so many; a trace stays what it is. */
  first(requests: number, pattern: ArrivalPattern): ArrivalPattern {
    if (pattern.kind === 'trace' || requests > this.#requests) return pattern;
    const timesMs = this.#timesOf(pattern).subarray(0, requests);
    return { kind: 'trace', timesMs, path: '' };
  }

  #timesOf(pattern: Exclude<ArrivalPattern, { kind: 'trace' }>): Float64Array {
    const name = pattern.kind === 'poisson' ? '' : String(pattern.variation);
    const before = this.#known.get(name);
    if (before !== undefined) return before;
    const times = unitArrivals(pattern, this.#requests, this.#seed);
    if ((this.#known.size + 1) * this.#requests > mostKept) this.#known.clear();
    this.#known.set(name, times);
    return times;
  }
}
