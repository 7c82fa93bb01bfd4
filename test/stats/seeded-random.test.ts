import { describe, expect, it } from 'vitest';
import { createRandom } from '../../src/stats/seeded-random.ts';

const draw = (count: number, next: () => number): number[] => Array.from({ length: count }, next);
const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;

/** Pearson's statistic of counts that should be equal. */
function chiSquare(counts: readonly number[]): number {
  const expected = mean(counts);
  return counts.reduce((sum, count) => sum + (count - expected) ** 2 / expected, 0);
}

function counted(values: readonly number[], bins: number): number[] {
  const counts = Array.from({ length: bins }, () => 0);
  for (const value of values) counts[value] = (counts[value] ?? 0) + 1;
  return counts;
}

const correlation = (left: readonly number[], right: readonly number[]): number =>
  12 * mean(left.map((value, i) => (value - 0.5) * ((right[i] ?? 0.5) - 0.5)));

describe('createRandom', () => {
  it('repeats itself for the same seed and labels', () => {
    const first = createRandom(7, 'input', 3);
    const second = createRandom(7, 'input', 3);
    expect(draw(50, first.next)).toEqual(draw(50, second.next));
  });

  it('tells seeds and labels apart, also labels that read the same', () => {
    const streams = [
      createRandom(7, 'ab'),
      createRandom(8, 'ab'),
      createRandom(7),
      createRandom(7, 'a', 'b'),
      createRandom(7, 'b', 'a'),
      createRandom(7, '1'),
      createRandom(7, 1),
    ];
    expect(new Set(streams.map(({ next }) => next())).size).toBe(streams.length);
  });

  it('is uniform in [0, 1) within a stream and across the first draws of close labels', () => {
    const within = draw(100_000, createRandom(1).next);
    const across = Array.from({ length: 100_000 }, (_, label) => createRandom(1, label).next());
    for (const values of [within, across]) {
      expect(values.every((value) => value >= 0 && value < 1)).toBe(true);
      // 99.9 % point of chi-square with 99 degrees of freedom.
      const bins = counted(
        values.map((value) => Math.floor(100 * value)),
        100,
      );
      expect(chiSquare(bins)).toBeLessThan(148.23);
    }
  });

  it('has independent streams: neither neighbors nor labels correlate', () => {
    const n = 100_000;
    const here = draw(n, createRandom(1, 'a').next);
    const there = draw(n, createRandom(1, 'b').next);
    const limit = 4 / Math.sqrt(n);
    expect(Math.abs(correlation(here, there))).toBeLessThan(limit);
    expect(Math.abs(correlation(here, here.slice(1)))).toBeLessThan(limit);
  });

  it('draws integers evenly', () => {
    const random = createRandom(2);
    const counts = counted(
      draw(60_000, () => random.integer(6)),
      6,
    );
    expect(counts).toHaveLength(6);
    // 99.9 % point of chi-square with 5 degrees of freedom.
    expect(chiSquare(counts)).toBeLessThan(20.515);
  });

  it('draws standard normals', () => {
    const values = draw(100_000, createRandom(3).normal);
    const moment = (power: number): number => mean(values.map((value) => value ** power));
    expect(Math.abs(moment(1))).toBeLessThan(0.013);
    expect(Math.abs(moment(2) - 1)).toBeLessThan(0.018);
    expect(Math.abs(moment(4) - 3)).toBeLessThan(0.13);
    // P[|Z| < 1.959964] = 0.95.
    expect(mean(values.map((value) => Number(Math.abs(value) < 1.959964)))).toBeCloseTo(0.95, 2);
  });

  it('shuffles into each order equally often and leaves its argument as it is', () => {
    const random = createRandom(4);
    const items = ['a', 'b', 'c', 'd'] as const;
    const orders = new Map<string, number>();
    for (let i = 0; i < 24_000; i++) {
      const order = random.shuffle(items).join('');
      orders.set(order, (orders.get(order) ?? 0) + 1);
    }
    expect(items).toEqual(['a', 'b', 'c', 'd']);
    expect(orders.size).toBe(24);
    // 99.9 % point of chi-square with 23 degrees of freedom.
    expect(chiSquare([...orders.values()])).toBeLessThan(49.728);
  });
});
