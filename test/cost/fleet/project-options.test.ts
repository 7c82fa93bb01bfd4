import { describe, expect, test } from 'vitest';
import { loadCatalog } from '../../../src/cost/catalog/load-catalog.ts';
import type { CostOption } from '../../../src/cost/cost-result.ts';
import type { CostSettings } from '../../../src/cost/cost-settings.ts';
import type { MeasuredCurve } from '../../../src/cost/fleet/measured-curve.ts';
import { projectOptions } from '../../../src/cost/fleet/project-options.ts';
import type { ProjectedOptions } from '../../../src/cost/fleet/project-options.ts';
import { simulate } from '../../../src/cost/simulate/simulate.ts';
import { curveOf, instanceOf, loadOf, measuredCurve, settingsOf } from './sketch-curve.ts';

const catalog = loadCatalog();
const c7i = instanceOf('c7i.2xlarge');
/** One replica of eight threads has the machine to itself. */
const alone = measuredCurve(curveOf(), { measuredOn: { ...measuredCurve().measuredOn, threads: 8 } });

function project(
  settings: Partial<CostSettings> = {},
  { curves = [alone], instances = [c7i] }: { curves?: readonly MeasuredCurve[]; instances?: (typeof c7i)[] } = {},
): ProjectedOptions {
  return projectOptions({ curves, catalog, instances }, settingsOf(settings));
}

function only(settings: Partial<CostSettings> = {}, rest: Parameters<typeof project>[1] = {}): CostOption {
  const { options } = project(settings, rest);
  const [option] = options;
  if (option === undefined) throw new Error('no option');
  expect(options).toHaveLength(1);
  return option;
}

describe('without a load', () => {
  test('the golden dollars for a million, at full batches and one by one', () => {
    const full = only();
    expect(full.itemsPerSecond.value).toBeCloseTo(592.593, 3);
    expect(full.usdPerMillion.value).toBeCloseTo(0.27891, 5);
    expect(full).toMatchObject({ batch: 8, utilization: 0.6, machines: null, monthlyUsd: null, basis: 'measured' });
    expect(full.busyUsdPerMillion).toBeCloseTo(0.6 * 0.278906, 5);
    const single = only({ batch: 1 });
    expect(single.itemsPerSecond.value).toBeCloseTo(210.526, 3);
    expect(single.usdPerMillion.value).toBeCloseTo(0.78507, 5);
  });

  test('replicas share the price of their machine', () => {
    const four = only({}, { curves: [measuredCurve()] });
    expect(four.replicasPerMachine).toBe(4);
    expect(four.usdPerMillion.value).toBeCloseTo(0.27891 / 4, 5);
  });

  test('mean service times make the throughput where they are longer than median ones', () => {
    const curve = { ...alone, curve: curveOf({ ratios: [1, 1, 1.6] }) };
    expect(only({}, { curves: [curve] }).usdPerMillion.value).toBeCloseTo(0.27891 * 1.2, 4);
  });

  test('the interval of the curve is that of the dollars', () => {
    const drawFactors = Array.from({ length: 401 }, (_, i) => 0.8 + i * 0.001);
    const { usdPerMillion } = only({}, { curves: [{ ...alone, curve: curveOf({ drawFactors }) }] });
    expect((usdPerMillion.low ?? 0) / usdPerMillion.value).toBeCloseTo(0.81, 9);
    expect((usdPerMillion.high ?? 0) / usdPerMillion.value).toBeCloseTo(1.19, 9);
    expect(only().usdPerMillion).toMatchObject({ low: null, high: null });
  });

  test('an objective takes smaller batches, as large as answer in time at the target utilization', () => {
    const times = [1, 2, 4, 8].map((batch) => only({ batch }).latencyMs?.p99Ms.value ?? 0);
    const [, , four = 0, eight = 0] = times;
    const option = only({ objective: { percentile: 99, limitMs: (four + eight) / 2 } });
    expect(option).toMatchObject({ batch: 4, meetsSlo: true, obstacle: null });
    expect(option.latencyMs?.objectiveMs.value).toBe(four);
  });
});

describe('with a load', () => {
  test('whole machines are paid, idle or not', () => {
    const option = only({ load: loadOf(2000) });
    // 2000 / (592.593 · 0.6) = 5.6 machines.
    expect(option.machines?.value).toBe(6);
    expect(option.monthlyUsd?.value).toBeCloseTo(6 * 0.357 * 730, 9);
    expect(option.usdPerMillion.value).toBeCloseTo(((6 * 0.357) / 3600 / 2000) * 1e6, 9);
    expect(option.usdPerRequest.value * 2000 * 730 * 3600).toBeCloseTo(option.monthlyUsd?.value ?? 0, 6);
    expect(option.utilization).toBeCloseTo(2000 / (6 * 592.5926), 6);
    expect(option.busyUsdPerMillion).toBeCloseTo(option.usdPerMillion.value * option.utilization, 9);
  });

  test('minimum, spare and whole machines', () => {
    const curves = [measuredCurve()];
    expect(only({ load: loadOf(10), minReplicas: 5 }, { curves })).toMatchObject({
      machines: { value: 2 },
      replicas: { value: 8 },
    });
    expect(only({ load: loadOf(1400), spareReplicas: 1 }, { curves }).machines?.value).toBe(2);
    expect(only({ load: loadOf(1400) }, { curves }).machines?.value).toBe(1);
  });

  test('the fleet fits the peak and is paid all month, and caches answer for nothing', () => {
    const peaked = only({ load: loadOf(1000, { peakPerSecond: 2000 }) });
    expect(peaked.machines?.value).toBe(6);
    expect(peaked.usdPerMillion.value).toBeCloseTo(((6 * 0.357) / 3600 / 1000) * 1e6, 9);
    const cached = only({ load: loadOf(2000, { cacheHit: 0.5 }) });
    expect(cached.machines?.value).toBe(3);
    expect(cached.usdPerMillion.value).toBeCloseTo(((3 * 0.357) / 3600 / 2000) * 1e6, 9);
    expect(cached.utilization).toBeCloseTo(1000 / (3 * 592.5926), 6);
  });

  test('replicas and dollars are as uncertain as the speed', () => {
    const drawFactors = Array.from({ length: 401 }, (_, i) => 0.8 + i * 0.001);
    const option = only({ load: loadOf(2000) }, { curves: [{ ...alone, curve: curveOf({ drawFactors }) }] });
    // 5.6 machines times 0.81 and 1.19.
    expect(option.machines).toEqual({ value: 6, low: 5, high: 7 });
    expect(option.usdPerMillion.high).toBeCloseTo((option.usdPerMillion.value * 7) / 6, 9);
  });

  test('the latencies are those of the fleet that is paid', () => {
    const option = only({ load: loadOf(2000), batch: 8, queueDelayMs: 0 });
    const direct = simulate({
      fleet: {
        service: curveOf(),
        ratios: null,
        replicas: 6,
        balancing: 'round-robin',
        maxBatch: 8,
        queueDelayMs: 0,
        queueLimit: null,
      },
      arrivals: { kind: 'poisson' },
      ratePerMs: 2,
      requests: 120_000,
      seed: 9,
    });
    expect((option.latencyMs?.meanMs.value ?? 0) / direct.meanMs.value).toBeCloseTo(1, 1);
    expect((option.latencyMs?.p99Ms.value ?? 0) / direct.p99Ms.value).toBeCloseTo(1, 1);
  });

  test('an objective takes machines, as few as meet it', () => {
    const objective = { percentile: 99, limitMs: 12 };
    const option = only({ load: loadOf(2000), objective });
    expect(option.meetsSlo).toBe(true);
    expect(option.machines?.value).toBeGreaterThan(6);
    expect(option.latencyMs?.objectiveMs.value).toBeLessThanOrEqual(12);
    const fewer = (option.machines?.value ?? 0) - 1;
    const direct = simulate({
      fleet: {
        service: curveOf(),
        ratios: null,
        replicas: fewer,
        balancing: 'round-robin',
        maxBatch: 8,
        queueDelayMs: 0,
        queueLimit: null,
      },
      arrivals: { kind: 'poisson' },
      ratePerMs: 2,
      requests: 200_000,
      seed: 9,
    });
    expect(direct.p99Ms.value).toBeGreaterThan(11.5);
  });
});

describe('on other machines', () => {
  test('what is slower by a factor is a curve with times that much longer', () => {
    const m6i = instanceOf('m6i.2xlarge');
    const carried = measuredCurve(curveOf(), {
      work: { flop: 1e9, bytes: 1e6, isInt8: false },
      shares: { compute: 0.7, memory: 0.2, overhead: 0.1 },
    });
    const there = only({ load: loadOf(500), batch: 4, queueDelayMs: 1 }, { curves: [carried], instances: [m6i] });
    const factor = there.projection?.factor ?? 0;
    expect(there.basis).toBe('projected');
    expect(factor).toBeGreaterThan(1.01);
    const slow = measuredCurve(curveOf({ tau0Ms: 3.5 * factor, alphaMs: 1.25 * factor }));
    const measured = only({ load: loadOf(500), batch: 4, queueDelayMs: 1 }, { curves: [slow] });
    expect(there.itemsPerSecond.value).toBeCloseTo(measured.itemsPerSecond.value, 9);
    expect(there.latencyMs?.p99Ms.value).toBeCloseTo(measured.latencyMs?.p99Ms.value ?? 0, 6);
    expect(there.latencyMs?.meanMs.value).toBeCloseTo(measured.latencyMs?.meanMs.value ?? 0, 6);
  });

  test('a projection is a range even where one round was measured', () => {
    const { projection, itemsPerSecond } = only({}, { instances: [instanceOf('m6i.2xlarge')] });
    expect(itemsPerSecond.low).toBeCloseTo(
      (itemsPerSecond.value * (projection?.factor ?? 0)) / (projection?.high ?? 0),
      9,
    );
    expect(itemsPerSecond.high).toBeCloseTo(
      (itemsPerSecond.value * (projection?.factor ?? 0)) / (projection?.low ?? 0),
      9,
    );
  });

  test('what was measured there tells more than what is carried over, however cheap that looks', () => {
    const m7g = instanceOf('m7g.2xlarge');
    const arm = measuredCurve(curveOf({ tau0Ms: 350, alphaMs: 125 }), {
      index: 1,
      measuredOn: { ...alone.measuredOn, processor: m7g.processor, instance: 'm7g.2xlarge' },
    });
    const { options } = project({}, { curves: [alone, arm], instances: [c7i, m7g] });
    expect(options.map(({ instance, curveIndex }) => [instance, curveIndex])).toEqual([
      ['c7i.2xlarge', 0],
      ['m7g.2xlarge', 1],
    ]);
  });

  test('of ways to run the same work on a machine the cheapest, and other work beside it', () => {
    const threads = { ...measuredCurve(curveOf({ tau0Ms: 6, alphaMs: 2 })), index: 1 };
    const longer = { ...measuredCurve(curveOf({ tau0Ms: 60, alphaMs: 20 })), index: 2, dims: { seq: 512 } };
    const other = { ...measuredCurve(), index: 3, modelIndex: 1 };
    const { options } = project({}, { curves: [alone, threads, longer, other] });
    expect(options.map(({ curveIndex }) => curveIndex)).toEqual([3, 1, 2]);
  });

  test('each way to buy is ranked by its cost', () => {
    const purchases = ['on-demand', 'spot', 'reserved'] as const;
    const { options } = project({ purchases, reservedDiscount: 0.35, load: loadOf(2000) });
    expect(options.map(({ purchase }) => purchase)).toEqual(['spot', 'reserved', 'on-demand']);
    expect(options[1]?.monthlyUsd?.value).toBeCloseTo(0.65 * (options[2]?.monthlyUsd?.value ?? 0), 9);
  });
});

describe('why not', () => {
  test('machines without figures are told apart from those with them', () => {
    const big = measuredCurve(curveOf(), { peakRssBytes: 100e9 });
    const { options, excluded } = project({}, { curves: [big] });
    expect(options).toEqual([]);
    expect(excluded).toMatchObject([{ instance: 'c7i.2xlarge', obstacle: { code: 'cost-does-not-fit' } }]);
  });

  test('a machine that is too slow alone, beside one that is not', () => {
    const instances = [c7i, instanceOf('t4g.medium')];
    const { options } = project(
      { objective: { percentile: 99, limitMs: 5 }, load: loadOf(10) },
      { curves: [measuredCurve()], instances },
    );
    expect(options.map(({ meetsSlo, obstacle }) => [meetsSlo, obstacle?.code ?? null])).toEqual([
      [true, null],
      [false, 'cost-objective-below-service'],
    ]);
  });

  test('waiting misses an objective that service alone meets', () => {
    const { options } = project(
      { objective: { percentile: 99, limitMs: 6 }, batch: 8 },
      { instances: [c7i, instanceOf('c7i.4xlarge')] },
    );
    expect(options.map(({ obstacle }) => obstacle?.code)).toEqual(['cost-objective-missed', 'cost-objective-missed']);
    expect(Number(options[0]?.obstacle?.details['reachedMs'])).toBeGreaterThan(6);
  });

  test('an objective below every service time is a mistake in the question', () => {
    const wrong = () => project({ objective: { percentile: 99, limitMs: 4 } });
    expect(wrong).toThrowError(
      expect.objectContaining({
        code: 'cost-objective-unreachable',
        details: { percentile: 99, limitMs: 4, instance: 'c7i.2xlarge', aloneMs: 4.75 },
      }),
    );
  });

  test('a load beyond ten thousand machines of every kind', () => {
    const most = 10_000 * 592.592 * 0.6;
    expect(only({ load: loadOf(most) })).toMatchObject({ obstacle: null, machines: { value: 10_000 } });
    expect(() => project({ load: loadOf(most * 1.001) })).toThrowError(
      expect.objectContaining({ code: 'cost-load-too-large', details: { perSecond: most * 1.001, machines: 10_000 } }),
    );
    const both = project({ load: loadOf(most * 1.001) }, { instances: [c7i, instanceOf('c7i.4xlarge')] });
    expect(both.options.map(({ obstacle, latencyMs }) => [obstacle?.code, latencyMs === null])).toEqual([
      [undefined, false],
      ['cost-overload', true],
    ]);
  });

  test('a batch that was not measured is not made up', () => {
    expect(() => project({ batch: 9 })).toThrowError(expect.objectContaining({ code: 'bad-value' }));
  });
});

test('the same seed gives the same options', () => {
  const settings = { load: loadOf(500), objective: { percentile: 99, limitMs: 20 }, seed: 7 };
  expect(project(settings)).toEqual(project(settings));
});
