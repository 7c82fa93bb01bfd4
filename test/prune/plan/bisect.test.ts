import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { bisect } from '../../../src/prune/plan/bisect.ts';

const search = { low: 0, high: 1, tolerance: 0.01, mostTrials: 20 };

function passing(test: (at: number) => boolean) {
  return (at: number) => Promise.resolve({ passes: test(at), value: `at ${at}` });
}

describe('bisect', () => {
  test('finds the largest value that passes, and the smallest', async () => {
    await fc.assert(
      fc.asyncProperty(fc.double({ min: 0.02, max: 0.98, noNaN: true }), async (limit) => {
        const largest = await bisect({ ...search, wanted: 'largest', trial: passing((at) => at <= limit) });
        expect(Math.abs((largest.best?.at ?? 0) - limit)).toBeLessThanOrEqual(0.01);
        expect(largest.best?.at).toBeLessThanOrEqual(limit);
        expect(largest.trials.length).toBeLessThanOrEqual(8);
        const smallest = await bisect({ ...search, wanted: 'smallest', trial: passing((at) => at >= limit) });
        expect(Math.abs((smallest.best?.at ?? 0) - limit)).toBeLessThanOrEqual(0.01);
        expect(smallest.best?.at).toBeGreaterThanOrEqual(limit);
      }),
    );
  });

  test('keeps the best that passed, whatever noise there is, and tells all trials', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.boolean(), { minLength: 20, maxLength: 20 }), async (answers) => {
        let asked = 0;
        const { best, trials } = await bisect({
          ...search,
          wanted: 'largest',
          tolerance: 1e-9,
          mostTrials: 12,
          trial: passing(() => answers[asked++] ?? false),
        });
        expect(trials).toHaveLength(12);
        const passed = trials.filter((trial) => trial.passes).map(({ at }) => at);
        expect(best?.at).toBe(passed.length === 0 ? undefined : Math.max(...passed));
        expect(trials[0]).toEqual({ at: 0.5, passes: answers[0], value: 'at 0.5' });
      }),
    );
  });

  test('has nothing to give where nothing passes', async () => {
    const { best, trials } = await bisect({ ...search, wanted: 'largest', trial: passing(() => false) });
    expect(best).toBeNull();
    expect(trials.length).toBeGreaterThan(3);
  });

  test('starts where it is told, and tries once what comes to the same', async () => {
    const widths: number[] = [];
    const widthAt = (at: number) => 16 * Math.round(4 * (1 - at));
    const { best, trials } = await bisect({
      ...search,
      wanted: 'largest',
      first: 0.3,
      identify: (at) => String(widthAt(at)),
      trial: (at) => {
        widths.push(widthAt(at));
        return Promise.resolve({ passes: widthAt(at) >= 32, value: widthAt(at) });
      },
    });
    expect(trials[0]?.at).toBe(0.3);
    expect(new Set(widths).size).toBe(widths.length);
    expect(best?.value).toBe(32);
  });

  test('ends when numbers come no closer', async () => {
    const { trials } = await bisect({
      ...search,
      wanted: 'largest',
      tolerance: 0,
      mostTrials: 1e6,
      trial: passing((at) => at < 0.3),
    });
    expect(trials.length).toBeLessThan(100);
  });
});
