import { describe, expect, test } from 'vitest';
import { loadCatalog } from '../../../src/cost/catalog/load-catalog.ts';
import type { CostOption } from '../../../src/cost/cost-result.ts';
import type { CostSettings } from '../../../src/cost/cost-settings.ts';
import type { MeasuredCurve } from '../../../src/cost/fleet/measured-curve.ts';
import { projectOptions } from '../../../src/cost/fleet/project-options.ts';
import { environment } from '../../report/fixture-bench-result.ts';
import { curveOf, instanceOf, loadOf, measuredCurve, settingsOf } from './sketch-curve.ts';

const catalog = loadCatalog();
const instances = [instanceOf('c7i.2xlarge')];

function optionsOf(curves: readonly MeasuredCurve[], settings: Partial<CostSettings>): readonly CostOption[] {
  return projectOptions({ curves, catalog, instances }, settingsOf(settings)).options;
}

describe('the measured machine at a price of the user’s', () => {
  const own = { purchases: ['own'], ownUsdPerHour: 0.4 } as const;

  test('holds as many replicas as it has cores, and is measured', () => {
    const [option, ...rest] = optionsOf(
      [measuredCurve(curveOf(), { measuredOn: { ...measuredCurve().measuredOn, threads: 1, instance: null } })],
      own,
    );
    expect(rest).toEqual([]);
    // Two usable cores; a million items at 60 % of 2 · 592.593 a second.
    expect(option).toMatchObject({
      instance: 'own machine',
      cloud: 'own',
      purchase: 'own',
      replicasPerMachine: 2,
      basis: 'measured',
      flags: ['user'],
    });
    expect(option?.usdPerMillion.value).toBeCloseTo((0.4 / 3600 / (2 * 592.5926 * 0.6)) * 1e6, 6);
    expect(option?.energy?.gramsPerMillion).toBeNull();
  });

  test('holds no fewer than were measured side by side', () => {
    const measuredOn = { ...measuredCurve().measuredOn, threads: 1, instances: 4 };
    expect(optionsOf([measuredCurve(curveOf(), { measuredOn })], own)[0]?.replicasPerMachine).toBe(4);
  });

  test('is one machine for all curves that were measured on it', () => {
    const other = { ...measuredCurve().measuredOn, environment: { ...environment, fingerprint: 'another' } };
    const curves = [
      measuredCurve(),
      measuredCurve(curveOf({ tau0Ms: 1 }), { index: 1 }),
      measuredCurve(curveOf(), { index: 2, measuredOn: other }),
    ];
    expect(optionsOf(curves, own).map(({ curveIndex }) => curveIndex)).toEqual([1, 2]);
  });

  test('serves on its accelerators what was measured on them', () => {
    const gpus = [1, 2].map(() => ({ name: 'Tesla T4', driver: null, memoryBytes: 16e9, api: 'cuda' }));
    const measuredOn = {
      ...measuredCurve().measuredOn,
      ep: 'cuda',
      accelerator: 't4',
      environment: { ...environment, gpus },
    };
    const [option] = optionsOf([measuredCurve(curveOf(), { measuredOn })], own);
    expect(option).toMatchObject({ replicasPerMachine: 2, accelerator: '2x Tesla T4', basis: 'measured' });
  });
});

describe('serverless', () => {
  const terms = { purchases: ['serverless'], serverless: { usdPerGbSecond: 1.66667e-5, usdPerRequest: 2e-7 } } as const;
  const single = measuredCurve(curveOf({ ratios: [1, 1, 1.3] }), {
    peakRssBytes: 2 * 1024 ** 3,
    measuredOn: { ...measuredCurve().measuredOn, threads: 1 },
  });

  test('pays each request by its time and memory', () => {
    const [option] = optionsOf([single], { ...terms, load: loadOf(10) });
    const seconds = (4.75 * 1.1) / 1000;
    const usd = 2 * seconds * 1.66667e-5 + 2e-7;
    expect(option?.usdPerRequest.value).toBeCloseTo(usd, 15);
    expect(option?.usdPerMillion.value).toBeCloseTo(usd * 1e6, 9);
    expect(option?.monthlyUsd?.value).toBeCloseTo(usd * 10 * 730 * 3600, 6);
    expect(option).toMatchObject({ batch: 1, machines: null, usdPerHour: null, basis: 'projected', energy: null });
    // The part that goes by time is as uncertain as an unknown processor of the same kind.
    expect(option?.usdPerRequest.high).toBeCloseTo(2 * seconds * 1.25 * 1.66667e-5 + 2e-7, 15);
  });

  test('comes with the vCPUs that the memory brings', () => {
    const measuredOn = { ...single.measuredOn, threads: 4 };
    const [option] = optionsOf([{ ...single, measuredOn }], terms);
    const gib = (4 * 1769) / 1024;
    expect(option?.usdPerRequest.value).toBeCloseTo(gib * 0.00475 * 1.1 * 1.66667e-5 + 2e-7, 15);
  });

  test('a cache saves its share', () => {
    const full = optionsOf([single], { ...terms, load: loadOf(10) })[0];
    const cached = optionsOf([single], { ...terms, load: loadOf(10, { cacheHit: 0.3 }) })[0];
    expect(cached?.usdPerRequest.value).toBeCloseTo(0.7 * (full?.usdPerRequest.value ?? 0), 15);
  });

  test('answers as soon as one request takes alone, or too late', () => {
    const curves = [single, { ...single, index: 1, modelIndex: 1, curve: curveOf({ tau0Ms: 1 }) }];
    const options = optionsOf(curves, { ...terms, objective: { percentile: 50, limitMs: 4 } });
    expect(options.map(({ modelIndex, meetsSlo, obstacle }) => [modelIndex, meetsSlo, obstacle?.code ?? null])).toEqual(
      [
        [1, true, null],
        [0, false, 'cost-objective-below-service'],
      ],
    );
    expect(options[1]?.latencyMs).toMatchObject({
      p50Ms: { value: 4.75 },
      meanMs: { value: expect.closeTo(4.75 * 1.1, 9) },
    });
  });
});

test('tokens cost by the time that a replica takes for them', () => {
  const tokens = {
    inputPerSecond: { value: 5000, low: 4000, high: 6250 },
    outputPerSecond: { value: 50, low: 50, high: 50 },
    prompt: 512,
    generated: 128,
  };
  const [option] = optionsOf([measuredCurve(curveOf(), { tokens })], {});
  // Four replicas share 0.357 an hour, and are used for 60 % of it.
  const perReplicaSecond = 0.357 / 4 / 3600 / 0.6;
  expect(option?.usdPerMillionInputTokens?.value).toBeCloseTo((perReplicaSecond / 5000) * 1e6, 9);
  expect(option?.usdPerMillionInputTokens?.high).toBeCloseTo((perReplicaSecond / 4000) * 1e6, 9);
  expect(option?.usdPerMillionOutputTokens?.value).toBeCloseTo((perReplicaSecond / 50) * 1e6, 9);
});
