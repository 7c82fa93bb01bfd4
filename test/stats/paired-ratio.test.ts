import { describe, expect, it } from 'vitest';
import { logInterval } from '../../src/stats/log-interval.ts';
import { pairedRatio } from '../../src/stats/paired-ratio.ts';
import { median } from '../../src/stats/quantile.ts';
import { createRandom, type Random } from '../../src/stats/seeded-random.ts';

const trueRatio = 1.1;

/** Log-level of each round: a stationary AR(1) with the drift of a shared machine. */
function drift(random: Random, rounds: number): number[] {
  const phi = 0.6;
  const sd = 0.2;
  let level = sd * random.normal();
  return Array.from({ length: rounds }, () => {
    const now = level;
    level = phi * level + sd * Math.sqrt(1 - phi * phi) * random.normal();
    return now;
  });
}

const block = (random: Random, level: number): number => Math.exp(level + 0.05 * random.normal());

interface Design {
  covered: number;
  logWidth: number;
}

/** Coverage and mean width of the interval over pairs that `rounds` draws. */
function simulate(sets: number, pairsOf: () => { base: number; head: number }[]): Design {
  let covered = 0;
  let logWidth = 0;
  for (let set = 0; set < sets; set++) {
    const interval = pairedRatio(pairsOf());
    const low = interval.low ?? Number.NaN;
    const high = interval.high ?? Number.NaN;
    if (low <= trueRatio && trueRatio <= high) covered++;
    logWidth += Math.log(high / low);
  }
  return { covered: covered / sets, logWidth: logWidth / sets };
}

/** Both arms run in every round. */
function interleaved(random: Random, n: number): { base: number; head: number }[] {
  return drift(random, n).map((level) => ({ base: block(random, level), head: trueRatio * block(random, level) }));
}

/** All rounds of the base run before all rounds of the head. */
function sequential(random: Random, n: number): { base: number; head: number }[] {
  const levels = drift(random, 2 * n);
  return levels.slice(0, n).map((level, round) => ({
    base: block(random, level),
    head: trueRatio * block(random, levels[n + round] ?? Number.NaN),
  }));
}

describe('pairedRatio', () => {
  it('is the geometric mean of the ratios with their t interval', () => {
    const pairs = [
      { base: 1, head: 1 },
      { base: 10, head: 20 },
      { base: 3, head: 12 },
    ];
    const margin = 4.30265273 / Math.sqrt(3);
    const { value, low, high } = pairedRatio(pairs);
    expect(value).toBeCloseTo(2, 12);
    expect(low).toBeCloseTo(2 ** (1 - margin), 8);
    expect(high).toBeCloseTo(2 ** (1 + margin), 6);
  });

  it('turns over when the arms are exchanged', () => {
    const pairs = interleaved(createRandom(0), 5);
    const there = pairedRatio(pairs);
    const back = pairedRatio(pairs.map(({ base, head }) => ({ base: head, head: base })));
    expect(back.value * there.value).toBeCloseTo(1, 12);
    expect((back.low ?? Number.NaN) * (there.high ?? Number.NaN)).toBeCloseTo(1, 12);
  });

  it('has no bounds for one pair', () => {
    expect(pairedRatio([{ base: 2, head: 3 }])).toEqual({ value: 1.5, low: null, high: null });
  });

  it.each([[[]], [[{ base: 0, head: 1 }]], [[{ base: -1, head: -1 }]], [[{ base: 1, head: Number.NaN }]]])(
    'refuses %j',
    (pairs) => {
      expect(() => pairedRatio(pairs)).toThrow(RangeError);
    },
  );

  it.each([3, 6, 10])('covers the true ratio over %d rounds of a machine that drifts', (n) => {
    const random = createRandom(2, 'paired', n);
    const paired = simulate(10_000, () => interleaved(random, n));
    expect(paired.covered).toBeGreaterThanOrEqual(0.94);
    expect(paired.covered).toBeLessThanOrEqual(0.96);
  });

  it.each([3, 6, 10])('loses coverage and width over %d rounds when the arms run one after the other', (n) => {
    const random = createRandom(2, 'order', n);
    const paired = simulate(4000, () => interleaved(random, n));
    const apart = simulate(4000, () => sequential(random, n));
    expect(apart.covered).toBeLessThan(paired.covered - 0.02);
    expect(apart.logWidth).toBeGreaterThan(2 * paired.logWidth);
  });

  it('is far narrower than the intervals of the two arms on their own', () => {
    const random = createRandom(2, 'unpaired');
    const widths = Array.from({ length: 1000 }, () => {
      const pairs = interleaved(random, 6);
      const arms = [logInterval(pairs.map(({ base }) => base)), logInterval(pairs.map(({ head }) => head))];
      const ratio = pairedRatio(pairs);
      const logWidth = ({ low, high }: typeof ratio): number => Math.log((high ?? Number.NaN) / (low ?? Number.NaN));
      return { paired: logWidth(ratio), unpaired: Math.hypot(...arms.map(logWidth)) };
    });
    const wider = widths.filter(({ paired, unpaired }) => unpaired > paired).length;
    expect(wider / widths.length).toBeGreaterThan(0.95);
    expect(median(widths.map(({ paired, unpaired }) => unpaired / paired))).toBeGreaterThan(2);
  });
});
