import { describe, expect, it } from 'vitest';
import { joulesBetween } from '../../src/bench/energy-between.ts';
import { measureByScript, onlyPoint } from './scripted-bench.ts';

const reading = (microjoules: number, name = 'package-0') => ({ name, microjoules, rangeMicrojoules: 262_143_328_850 });

describe('joulesBetween', () => {
  it('adds packages up', () => {
    const before = [reading(1e6), reading(5e6, 'package-1')];
    expect(joulesBetween(before, [reading(3e6), reading(5.5e6, 'package-1')])).toBe(2.5);
  });

  it('goes on where a counter started anew', () => {
    expect(joulesBetween([reading(262_143_328_850 - 1e6)], [reading(2e6)])).toBeCloseTo(3, 9);
  });

  it('knows nothing of packages that it saw once', () => {
    expect(joulesBetween(undefined, [reading(1)])).toBeNull();
    expect(joulesBetween([reading(1)], undefined)).toBeNull();
    expect(joulesBetween([reading(1)], [reading(1, 'package-1')])).toBeNull();
    expect(joulesBetween([reading(1)], [reading(1), reading(1)])).toBeNull();
  });
});

describe('a bench on a processor that tells its energy', () => {
  it('gives a run what the power makes of its time', async () => {
    // 30 W: a run of 2 ms takes 60 mJ, an item of a batch of 4 a fourth of it.
    const noise = (atMs: number) => ({ energy: [reading(atMs * 30_000)] });
    const sketch = { axes: { batches: [4] } };
    const point = onlyPoint((await measureByScript(sketch, { noise, runMs: () => 2 })).findings);
    expect(point.cpuEnergy?.joulesPerRun.value).toBeCloseTo(0.06, 9);
    expect(point.cpuEnergy?.joulesPerItem.value).toBeCloseTo(0.015, 9);
  });

  it('tells none elsewhere', async () => {
    const point = onlyPoint((await measureByScript()).findings);
    expect('cpuEnergy' in point).toBe(false);
  });
});
