import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fitLine } from '../../../src/cost/service/fit-line.ts';

const batches = [1, 2, 4, 8, 16];

function squaredError(line: { tau0Ms: number; alphaMs: number }, times: readonly number[]): number {
  return times.reduce((sum, time, index) => {
    const fitted = line.tau0Ms + line.alphaMs * (batches[index] ?? 0);
    return sum + (fitted / time - 1) ** 2;
  }, 0);
}

describe('a line through service times', () => {
  it('is found again from its own points', () => {
    const line = fitLine([1, 8], [4.75, 13.5]);
    expect(line.tau0Ms).toBeCloseTo(3.5, 12);
    expect(line.alphaMs).toBeCloseTo(1.25, 12);
    expect((8 / (line.tau0Ms + 8 * line.alphaMs)) * 1000).toBeCloseTo(592.593, 3);
  });

  it('has neither negative overhead nor items that take no time', () => {
    const steep = fitLine([1, 2, 4], [1, 2.5, 6]);
    expect(steep.tau0Ms).toBe(0);
    expect(steep.alphaMs).toBeGreaterThan(1);
    const falling = fitLine([1, 2, 4], [3, 2.9, 2.8]);
    expect(falling.alphaMs).toBe(0);
    expect(falling.tau0Ms).toBeCloseTo(2.9, 1);
  });

  it('has no better line beside it among those that are allowed', () => {
    const times = fc.array(fc.double({ min: 0.1, max: 10, noNaN: true }), { minLength: 5, maxLength: 5 });
    fc.assert(
      fc.property(
        times,
        fc.double({ min: -0.1, max: 0.1, noNaN: true }),
        fc.double({ min: -0.1, max: 0.1, noNaN: true }),
        (ms, a, b) => {
          const line = fitLine(batches, ms);
          const other = { tau0Ms: Math.max(0, line.tau0Ms + a), alphaMs: Math.max(0, line.alphaMs + b) };
          expect(squaredError(line, ms)).toBeLessThanOrEqual(squaredError(other, ms) * (1 + 1e-9) + 1e-12);
        },
      ),
    );
  });
});
