import { describe, expect, it } from 'vitest';
import { indexDrawer } from '../../src/stats/draw-indices.ts';
import { createRandom } from '../../src/stats/seeded-random.ts';

describe('indexDrawer', () => {
  it('draws every index about as often', () => {
    const picked = new Uint32Array(100_000);
    indexDrawer(37, createRandom(0))(picked);
    const counts = new Float64Array(37);
    for (const index of picked) counts[index] = (counts[index] ?? 0) + 1;
    const expected = 100_000 / 37;
    const chiSquared = counts.reduce((sum, count) => sum + (count - expected) ** 2 / expected, 0);
    // 99.9 % of chi-squared with 36 degrees of freedom lie below 67.98 (NIST e-Handbook 1.3.6.7.4).
    expect(chiSquared).toBeLessThan(67.98);
    expect(chiSquared).toBeGreaterThan(10);
  });

  it('draws something else each time', () => {
    const draw = indexDrawer(1000, createRandom(0));
    const [first, second] = [new Uint32Array(8), new Uint32Array(8)];
    draw(first);
    draw(second);
    expect(first).not.toEqual(second);
  });
});
