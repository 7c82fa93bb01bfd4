import { describe, expect, it } from 'vitest';
import { findMaxRate } from '../../../src/bench/load/find-max.ts';
import type { RateProbe } from '../../../src/bench/load/find-max.ts';
import type { LoadRun, MaxRate, ObjectiveVerdict } from '../../../src/bench/load/load-result.ts';
import { loadAt, loadByScript } from './virtual-load.ts';

/** P[W <= t] of M/D/1 with runs of 1 ms (Erlang 1909; Franx, Operations Research Letters 29, 2001, 1.1). */
function waitsAtMost(t: number, perMs: number): number {
  let sum = 0;
  let factorial = 1;
  for (let k = 0; k <= Math.floor(t); k++) {
    if (k > 0) factorial *= k;
    const rest = perMs * (t - k);
    sum += ((-rest) ** k / factorial) * Math.exp(rest);
  }
  return (1 - perMs) * sum;
}

/** The rate at which a share of the requests waits no longer than t. */
function rateFor(share: number, t: number): number {
  let [low, high] = [0.01, 0.999];
  for (let step = 0; step < 60; step++) {
    const middle = (low + high) / 2;
    if (waitsAtMost(t, middle) >= share) low = middle;
    else high = middle;
  }
  return low * 1000;
}

describe('the search in virtual time', () => {
  it.each([
    [99, 6],
    [95, 3],
    [90, 10],
  ])('finds the highest rate with p%d within %d ms, by theory', async (percentile, limitMs) => {
    const known = rateFor(percentile / 100, limitMs - 1);
    const objective = { percentile, limitMs };
    const { maxRate } = await loadByScript({ settings: { findMax: true, objective, durationMs: 100_000 } });
    expect(maxRate?.status).toBe('confirmed');
    expect(Math.abs((maxRate?.perSecond.value ?? 0) / known - 1)).toBeLessThan(0.05);
    expect(maxRate?.perSecond.high ?? Infinity).toBeGreaterThan(known);
    expect(maxRate?.perSecond.low).toBe(maxRate?.perSecond.value);
  });

  it('agrees with a dense sweep of rates', async () => {
    const objective = { percentile: 99, limitMs: 4 };
    const settings = { objective, durationMs: 50_000 };
    const { maxRate } = await loadByScript({ settings: { ...settings, findMax: true } });
    let highest = 0;
    for (let rate = 300; rate < 1000; rate += 20)
      if ((await loadAt(rate, { settings })).meetsObjective === 'met') highest = rate;
    expect(Math.abs((maxRate?.perSecond.value ?? 0) / highest - 1)).toBeLessThan(0.05);
  });

  it('tells that no rate meets what a run alone misses, without trying', async () => {
    const settings = { findMax: true, objective: { percentile: 99, limitMs: 0.5 } };
    const { maxRate } = await loadByScript({ settings, task: { isHopeless: true } });
    expect(maxRate).toMatchObject({ status: 'none', probes: [], perSecond: { value: null, low: null, high: null } });
  });

  it('keeps what it found when it is stopped', async () => {
    const interruption = new AbortController();
    const objective = { percentile: 99, limitMs: 6 };
    let seen: MaxRate | undefined;
    const { maxRate } = await loadByScript({
      settings: { findMax: true, objective },
      signal: interruption.signal,
      watch: {
        onProgress: ({ maxRate: soFar }) => {
          seen = soFar;
          if (soFar?.probes.length === 4) interruption.abort();
        },
      },
    });
    expect(maxRate).toEqual(seen);
    // 500/s meets it, 1,000/s does not, then the middles by ratio, 707 and, above or below it, another.
    expect(maxRate).toMatchObject({ status: 'interrupted' });
    expect(maxRate?.probes.map(({ step }) => step)).toEqual(['start', 'double', 'bisect', 'bisect']);
    expect(maxRate?.perSecond.value).toBeGreaterThanOrEqual(500);
    expect(maxRate?.perSecond.high).toBeLessThanOrEqual(1000);
    expect(maxRate?.perSecond.low).toBeNull();
  });
});

/** A run that says so and no more. */
function runOf(meetsObjective: ObjectiveVerdict, valid = true): LoadRun {
  return {
    asked: '',
    offeredPerSecond: 1,
    achievedPerSecond: 1,
    arrivals: 'poisson',
    spanMs: 1,
    requests: 1,
    answered: 1,
    latencyMs: null,
    queueMs: null,
    serviceMs: null,
    generatorLatenessMs: { p50: 0, p99: 0, max: 0 },
    latenessLimitMs: 1,
    valid,
    stable: true,
    disturbed: [],
    meetsObjective,
  };
}

async function search(answer: (probe: RateProbe, probes: readonly RateProbe[]) => LoadRun) {
  const probes: RateProbe[] = [];
  const maxRate = await findMaxRate({
    objective: { percentile: 99, limitMs: 50 },
    startPerSecond: 64,
    probe: async (probe) => {
      const run = answer(probe, probes);
      probes.push(probe);
      return run;
    },
  });
  return { maxRate, probes };
}

describe('the steps of the search', () => {
  it('doubles, bisects to 2 %, tries the last rate again and confirms it at twice the length', async () => {
    const { maxRate, probes } = await search(({ perSecond }) => runOf(perSecond <= 300 ? 'met' : 'missed'));
    expect(probes.slice(0, 4).map(({ perSecond }) => perSecond)).toEqual([64, 128, 256, 512]);
    const { value, high } = maxRate.perSecond;
    expect(value).toBeLessThanOrEqual(300);
    expect((high ?? 0) / (value ?? 1)).toBeLessThanOrEqual(1.02);
    expect(probes.slice(-2)).toEqual([
      { perSecond: value, step: 'retest', seed: 1, length: 1 },
      { perSecond: value, step: 'confirm', seed: 2, length: 2 },
    ]);
    expect(maxRate.status).toBe('confirmed');
  });

  it('halves where the start misses, and gives up where nothing waits any more', async () => {
    const { maxRate } = await search(({ perSecond }) => runOf(perSecond <= 10 ? 'met' : 'missed'));
    expect(maxRate.perSecond.value).toBeGreaterThan(9.8);
    const none = await search(() => runOf('missed'));
    expect(none.maxRate).toMatchObject({ status: 'none', perSecond: { value: null, high: 2 } });
    expect(none.probes.map(({ perSecond }) => perSecond)).toEqual([64, 32, 16, 8, 4, 2]);
  });

  it('takes what is left open for not met, and tells that the end is not known', async () => {
    const { maxRate } = await search(({ perSecond }) => runOf(perSecond <= 100 ? 'met' : 'undecided'));
    expect(maxRate.perSecond).toMatchObject({ high: null });
    expect(maxRate.perSecond.value).toBeGreaterThan(98);
  });

  it('searches below a rate that was refuted', async () => {
    const { maxRate, probes } = await search(({ perSecond, step }) => {
      const limit = step === 'retest' || step === 'confirm' ? 200 : 300;
      return runOf(perSecond <= limit ? 'met' : 'missed');
    });
    expect(probes.filter(({ step }) => step === 'retest').length).toBeGreaterThan(1);
    expect(maxRate.status).not.toBe('none');
    const again = await search(({ step }, before) =>
      runOf(step === 'confirm' && !before.some((probe) => probe.step === 'confirm') ? 'missed' : 'met'),
    );
    expect(again.maxRate.status).toBe('confirmed');
  });

  it('confirms a little less where the longer run leaves it open, and says so where that does not help', async () => {
    const less = await search(({ perSecond, step }) =>
      runOf(perSecond <= 300 ? (step === 'confirm' && perSecond > 290 ? 'undecided' : 'met') : 'missed'),
    );
    expect(less.maxRate.status).toBe('confirmed');
    expect(less.maxRate.perSecond.low).toBeLessThanOrEqual(290);
    expect(less.maxRate.perSecond.low).toBeGreaterThan(282);
    const { maxRate } = await search(({ perSecond, step }) =>
      runOf(step === 'confirm' ? 'undecided' : perSecond <= 300 ? 'met' : 'missed'),
    );
    expect(maxRate).toMatchObject({ status: 'undecided', perSecond: { low: null } });
  });

  it('tries again where the generator was late, and ends where it always is', async () => {
    const once = await search(({ perSecond }, before) =>
      before.some((probe) => probe.perSecond === perSecond)
        ? runOf(perSecond <= 300 ? 'met' : 'missed')
        : runOf('undecided', false),
    );
    expect(once.maxRate.perSecond.value).toBeGreaterThan(290);
    const always = await search(({ perSecond }) => runOf(perSecond <= 200 ? 'met' : 'undecided', perSecond <= 200));
    expect(always.maxRate).toMatchObject({ status: 'generator-limited', perSecond: { high: null } });
    expect(always.maxRate.perSecond.value).toBeGreaterThan(195);
    const never = await search(() => runOf('undecided', false));
    expect(never.maxRate).toMatchObject({ status: 'generator-limited', perSecond: { value: null } });
    expect(never.probes).toHaveLength(2);
  });
});
