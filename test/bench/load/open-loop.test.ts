import { describe, expect, it } from 'vitest';
import { loadAt, loadByScript } from './virtual-load.ts';

const second = 1000;

describe('an open loop in virtual time', () => {
  it.each([0.5, 0.8])('has the mean wait of M/D/1 at a load of %d', async (load) => {
    const perSecond = load * second;
    const run = await loadAt(perSecond, { settings: { durationMs: (1e6 / perSecond) * second } });
    // Pollaczek and Khinchine with even service times of 1 ms: ρ / (2 (1 - ρ)).
    const wait = load / (2 * (1 - load));
    expect(run.requests).toBe(1e6);
    expect(Math.abs((run.queueMs?.mean.value ?? 0) / wait - 1)).toBeLessThan(0.02);
    expect(run.latencyMs?.mean.value).toBeCloseTo((run.queueMs?.mean.value ?? 0) + 1, 6);
    expect(run.serviceMs?.mean.value).toBeCloseTo(1, 6);
    expect(run).toMatchObject({ valid: true, stable: true, answered: 1e6 });
    const { low, high } = run.queueMs?.mean ?? {};
    expect(low).toBeLessThan(wait);
    expect(high).toBeGreaterThan(wait);
  });

  it('shows a stall of 500 ms in the p99 from arrival, and not in that of the runs', async () => {
    const stalled = await loadAt(500, {}, { runMs: ({ run }) => (run === 2500 ? 501 : 1) });
    // 250 of 5,000 requests came in while nothing was answered, the first of them 498 ms before its end.
    expect(stalled.latencyMs?.p99?.value).toBeGreaterThan(300);
    expect(stalled.serviceMs?.p99?.value).toBeCloseTo(1, 6);
    expect(stalled.serviceMs?.max).toBeCloseTo(501, 6);
    const quiet = await loadAt(500, {});
    expect(quiet.latencyMs?.p99?.value).toBeLessThan(6);
    expect(quiet).toMatchObject({ stable: true, requests: 5000 });
    expect(stalled).toMatchObject({ stable: true, valid: true });
  });

  it('lets nobody wait where requests are further apart than runs are long', async () => {
    const arrivals = { kind: 'gamma', variation: 0 } as const;
    const run = await loadAt(900, { settings: { arrivals, arrivalsName: 'constant' } });
    expect(run.latencyMs?.p99?.value).toBeCloseTo(1, 6);
    expect(run.queueMs?.max).toBeCloseTo(0, 6);
    expect(run.arrivals).toBe('constant');
  });

  it('lets bursts wait longer than chance does', async () => {
    const at = async (variation: number) =>
      (await loadAt(500, { settings: { arrivals: { kind: 'gamma', variation }, durationMs: 1e5 } })).queueMs?.mean
        .value ?? 0;
    expect(await at(3)).toBeGreaterThan(2 * (await at(1)));
  });

  it('plays a trace as it was recorded, or at another rate', async () => {
    const timesMs = Float64Array.from([0, 10, 10, 10, 100]);
    const trace = { arrivals: { kind: 'trace', timesMs, path: 't.csv' }, arrivalsName: 't.csv' } as const;
    const settings = { ...trace, durationMs: null };
    const { loads } = await loadByScript({ settings: { ...settings, rates: [{ kind: 'recorded' }] } });
    // Four gaps in 100 ms; the second and third at 10 ms wait for those before them.
    expect(loads[0]).toMatchObject({ asked: 'recorded', offeredPerSecond: 40, requests: 5, spanMs: 100 });
    expect(loads[0]?.queueMs?.max).toBeCloseTo(2, 9);
    const fast = await loadAt(80, { settings });
    expect(fast).toMatchObject({ requests: 5, spanMs: 50 });
  });

  it('divides requests among instances', async () => {
    const run = await loadAt(1500, { instances: 2 });
    expect(run).toMatchObject({ stable: true, answered: 15_000 });
    expect(run.achievedPerSecond).toBeGreaterThan(1450);
  });

  it('takes a share of the closed loop, and everything at once for max', async () => {
    const rates = [{ kind: 'share', share: 0.4 }, { kind: 'max' }] as const;
    const { loads } = await loadByScript({ settings: { rates } });
    expect(loads[0]).toMatchObject({ asked: '0.4x', offeredPerSecond: 400, requests: 4000 });
    expect(loads[1]).toMatchObject({ asked: 'max', offeredPerSecond: null, latencyMs: null, queueMs: null });
    expect(loads[1]?.achievedPerSecond).toBeCloseTo(1000, 6);
    expect(loads[1]?.arrivals).toBe('at-once');
  });

  it('refuses rates of more requests than can be kept', async () => {
    await expect(loadAt(1e6, {})).rejects.toMatchObject({ code: 'rate-unissuable', details: { requests: 1e7 } });
  });
});

describe('what a run is worth', () => {
  const objective = { percentile: 99, limitMs: 50 };

  it('is not valid when the generator was late', async () => {
    // More than one of a hundred is issued 3 ms late; 5 % of the objective are 2.5 ms.
    const run = await loadAt(100, { settings: { objective } }, { issueDelayMs: (n) => (n % 50 === 0 ? 3 : 0) });
    expect(run).toMatchObject({ valid: false, latenessLimitMs: 2.5, meetsObjective: 'undecided' });
    expect(run.generatorLatenessMs.p99).toBeCloseTo(3, 6);
    // Its lateness is in the latency all the same: from the arrival that was scheduled.
    expect(run.latencyMs?.max).toBeGreaterThanOrEqual(4);
    const seldom = await loadAt(100, { settings: { objective } }, { issueDelayMs: (n) => (n % 200 === 0 ? 3 : 0) });
    expect(seldom).toMatchObject({ valid: true, meetsObjective: 'met' });
  });

  it('measures lateness against the p99 where there is no objective', async () => {
    const late = await loadAt(100, {}, { issueDelayMs: () => 0.2 });
    expect(late.latenessLimitMs).toBeCloseTo(0.05 * (late.latencyMs?.p99?.value ?? 0), 9);
    expect(late.valid).toBe(false);
    expect((await loadAt(100, {}, { issueDelayMs: () => 0.04 })).valid).toBe(true);
  });

  it('counts what was never issued, or never answered, as slower than anything', async () => {
    const never = await loadAt(100, {}, { issueDelayMs: (n) => (n >= 900 ? 1e6 : 0) });
    expect(never).toMatchObject({ valid: false, requests: 1000, answered: 900 });
    expect(never.generatorLatenessMs).toMatchObject({ p99: null, max: null });
    const stuck = await loadAt(500, { settings: { objective } }, { runMs: ({ run }) => (run === 4000 ? 1e6 : 1) });
    expect(stuck).toMatchObject({ stable: false, answered: 4000, meetsObjective: 'missed' });
    expect(stuck.latencyMs?.p99).toBeNull();
    expect(stuck.latencyMs?.p50?.value).toBeLessThan(2);
  });

  it('sees that more comes in than is answered', async () => {
    const over = await loadAt(1250, { settings: { objective } });
    expect(over).toMatchObject({ stable: false, valid: true, meetsObjective: 'missed' });
    expect(over.achievedPerSecond).toBeCloseTo(1000, -1);
    // A little more is enough, also where the objective is far off.
    const slightly = { objective: { percentile: 99, limitMs: 5000 }, durationMs: 100_000 };
    expect(await loadAt(1030, { settings: slightly })).toMatchObject({ stable: false, meetsObjective: 'missed' });
    for (const load of [300, 800, 900])
      expect((await loadAt(load, { settings: { durationMs: 20_000 } })).stable).toBe(true);
  });

  it('decides by MLPerf’s rule in both ways, and leaves open what too few requests tell', async () => {
    const verdict = async (percentile: number, limitMs: number, durationMs = 10_000) =>
      (await loadAt(500, { settings: { objective: { percentile, limitMs }, durationMs } })).meetsObjective;
    expect(await verdict(99, 20)).toBe('met');
    expect(await verdict(99, 1.5)).toBe('missed');
    expect(await verdict(99, 20, 400)).toBe('undecided');
    expect(await verdict(90, 20, 400)).toBe('met');
  });
});
