import { expect, test } from 'vitest';
import { loadCatalog } from '../../../src/cost/catalog/load-catalog.ts';
import { kwhPerMillion, machineWatts, wattsAt } from '../../../src/cost/fleet/energy.ts';
import { gridOf } from '../../../src/cost/fleet/grid-of.ts';
import { acceleratorOf, processorOf } from '../../../src/cost/fleet/host.ts';
import { projectOptions } from '../../../src/cost/fleet/project-options.ts';
import { curveOf, instanceOf, loadOf, measuredCurve, settingsOf } from './sketch-curve.ts';

const catalog = loadCatalog();

test('a part draws 30 % of its power at rest and all of it at most', () => {
  expect([0, 0.5, 1, 3].map((use) => Math.round(wattsAt(200, use)))).toEqual([60, 130, 200, 200]);
});

test('vCPUs have their share of the socket', () => {
  const instance = instanceOf('c7i.2xlarge');
  const processor = processorOf(catalog, instance.processor);
  // 8 of the 96 threads of a socket of 350 W.
  const watts = machineWatts({ instance, processor, accelerator: null }, { vcpus: 0.6, accelerators: 0 });
  expect(watts).toBeCloseTo(((350 * 8) / 96) * (0.3 + 0.7 * 0.6), 9);
});

test('accelerators draw theirs, whatever the processor is called', () => {
  const instance = instanceOf('g4dn.12xlarge');
  const accelerator = acceleratorOf(catalog, instance.accelerator?.id);
  const use = { vcpus: 0, accelerators: 1 };
  expect(machineWatts({ instance, processor: null, accelerator }, use)).toBeCloseTo(4 * 70 + 0.3 * 48 * 3.5, 9);
  const unknown = accelerator === null ? null : { ...accelerator, tdpWatts: null };
  expect(machineWatts({ instance, processor: null, accelerator: unknown }, use)).toBeNull();
  expect(machineWatts({ instance: instanceOf('c7i.large'), processor: null, accelerator: null }, use)).toBeNull();
});

test('100 W at 1,000 items a second are 100 J a thousand items, 0.0278 kWh a million', () => {
  expect(kwhPerMillion(100, 1000, 1)).toBeCloseTo(100 / 3.6e3, 12);
  expect(kwhPerMillion(100, 1000, 1.5)).toBeCloseTo(150 / 3.6e3, 12);
});

test('regions draw from their own grid or their country’s', () => {
  const grams = (cloud: string, region: string): number | undefined => gridOf({ cloud, region }, catalog)?.gramsPerKwh;
  expect(grams('gcp', 'us-west1')).toBe(94);
  expect(grams('aws', 'us-east-1')).toBeCloseTo(369.473, 3);
  expect(grams('azure', 'eastus')).toBe(grams('aws', 'us-east-1'));
  expect(grams('azure', 'westus3')).toBe(grams('aws', 'us-east-1'));
  expect(grams('aws', 'ap-northeast-2')).toBeCloseTo(430.567, 3);
  expect(grams('aws', 'ap-northeast-1')).toBeCloseTo(485.392, 3);
  expect(grams('hyperstack', 'NORWAY-1')).toBeCloseTo(30.08, 2);
  expect(grams('own', '')).toBeUndefined();
});

test('every region of the catalog has a grid', () => {
  expect(catalog.instances.filter((instance) => gridOf(instance, catalog) === null)).toEqual([]);
});

test('a user’s figure for a region counts first', () => {
  const user = { scope: 'user', key: 'us-east-1', gramsPerKwh: 12, source: 'me', date: null, flags: ['user'] } as const;
  expect(gridOf({ cloud: 'aws', region: 'us-east-1' }, { ...catalog, grids: [...catalog.grids, user] })).toBe(user);
});

test('idle machines draw power for the requests that others bring', () => {
  const input = { curves: [measuredCurve(curveOf())], catalog, instances: [instanceOf('c7i.2xlarge')] };
  const at = (perSecond: number) =>
    projectOptions(input, settingsOf({ load: loadOf(perSecond), minReplicas: 8 })).options[0];
  const [some, few] = [at(1000), at(1)];
  const idle = ((350 * 8) / 96) * 0.3;
  expect(few?.energy?.idleWatts).toBeCloseTo(idle, 9);
  expect(few?.energy?.wattsPerMachine).toBeCloseTo(idle, 0);
  // Two machines at rest, for one request a second.
  expect(few?.energy?.kwhPerMillion).toBeCloseTo((2 * (few?.energy?.wattsPerMachine ?? 0) * 1.15) / 3.6, 6);
  expect(few?.energy?.kwhPerMonth).toBeCloseTo((2 * (few?.energy?.wattsPerMachine ?? 0) * 1.15 * 730) / 1000, 6);
  expect(some?.energy?.kwhPerMillion).toBeLessThan((few?.energy?.kwhPerMillion ?? 0) / 300);
  expect(few?.energy?.gramsPerMillion).toBeCloseTo((few?.energy?.kwhPerMillion ?? 0) * 369.473, 6);
});
