import { describe, expect, it } from 'vitest';
import type { InstanceType } from '../../../src/cost/catalog/catalog.ts';
import { loadCatalog } from '../../../src/cost/catalog/load-catalog.ts';
import type { CatalogFlag } from '../../../src/cost/vocabulary.ts';

const catalog = loadCatalog();
const { instances, processors, accelerators, tokenPrices, grids } = catalog;

/** Sums over the lists that the figures were restated from, taken from those files: a slip of any digit shows. */
describe('the restated figures', () => {
  it.each<[string, (row: InstanceType) => number | undefined, number, number]>([
    ['vCPUs', ({ vcpus }) => vcpus, 148, 5342],
    ['memory', ({ memoryGib }) => memoryGib, 148, 40_412],
    ['accelerators', ({ accelerator }) => accelerator?.count, 81, 278.125],
    ['accelerator memory', ({ accelerator }) => accelerator?.memoryGibEach, 81, 3916.3],
    ['on-demand prices', ({ onDemand }) => onDemand.usdPerHour, 148, 1083.930217],
    ['spot prices', ({ spot }) => spot?.usdPerHour, 105, 184.461609],
    ['interruptions', ({ spot }) => spot?.interruption?.low, 61, 14 * 0 + 8 * 0.05 + 6 * 0.1 + 6 * 0.15 + 27 * 0.2],
  ])('of instances add up: %s', (_, read, rows, sum) => expectSum(instances.map(read), rows, sum));

  it('of instances are as many a cloud', () => {
    const clouds = ['aws', 'gcp', 'azure', 'lambda', 'hyperstack', 'runpod'];
    expect(clouds.map((cloud) => instances.filter((row) => row.cloud === cloud).length)).toEqual([
      66, 36, 28, 11, 6, 1,
    ]);
  });

  it.each([
    ['memory', accelerators.map((row) => row.memoryGb), 19, 1033],
    ['bandwidth', accelerators.map((row) => row.gbPerSecond), 19, 31_398],
    ['fp32', accelerators.map((row) => row.fp32Tflops), 17, 605.091],
    ['fp16', accelerators.map((row) => row.fp16Tflops), 19, 7838.78],
    ['int8', accelerators.map((row) => row.int8Tops), 18, 15_436.85],
    ['fp8', accelerators.map((row) => row.fp8Tflops), 8, 12_069.6],
    ['power', accelerators.map((row) => row.tdpWatts), 17, 6127],
    ['tokens in', tokenPrices.map((row) => row.usdPerMillionInput), 37, 18.595],
    ['tokens out', tokenPrices.map((row) => row.usdPerMillionOutput), 36, 91.631],
    ['tokens of a cache', tokenPrices.map((row) => row.usdPerMillionCachedInput), 16, 2.8605],
    ['contexts', tokenPrices.map((row) => row.contextTokens), 36, 8_107_310],
    ['regions', grids.map((row) => (row.scope === 'gcp-region' ? row.gramsPerKwh : null)), 40, 13_495],
    ['countries', grids.map((row) => (row.scope === 'country' ? row.gramsPerKwh : null)), 20, 7047.216],
  ])('of chips, APIs and grids add up: %s', (_, values, rows, sum) => expectSum(values, rows, sum));

  it.each([
    ['xeon-8375c', 92.8, 371.2, 3.2, 300],
    ['xeon-8488c', 96, 3072, 3.2, 350],
    ['epyc-7r13', 47.2, 94.4, 2.13, 225],
    ['epyc-9r14', 118.4, 947.2, 4.8, 360],
    ['graviton2', 40, 160, 3.2, 110],
    ['graviton3', 83.2, 665.6, 4.8, 100],
    ['graviton4', 89.6, 716.8, 5.6, 130],
    ['altra', 48, 192, 2.56, 250],
    ['xeon-8370c', 89.6, 358.4, 3.2, 205],
    ['epyc-7763', 39.2, 78.4, 1.6, 280],
  ])('of %s give a vCPU its share', (id, gflops, gops, bandwidth, watts) => {
    const found = processors.find((row) => row.id === id);
    expect(found?.fp32GflopsPerVcpu).toBeCloseTo(gflops, 6);
    expect(found?.int8GopsPerVcpu).toBeCloseTo(gops, 6);
    expect(found?.gbPerSecondPerVcpu).toBeCloseTo(bandwidth, 2);
    expect(found?.tdpWatts).toBe(watts);
  });

  it('tell the golden price', () => {
    const found = instances.find(({ id }) => id === 'aws/us-east-1/c7i.2xlarge');
    expect(found).toMatchObject({
      vcpus: 8,
      memoryGib: 16,
      processor: 'xeon-8488c',
      onDemand: { usdPerHour: 0.357, date: '2026-07-20' },
      spot: { usdPerHour: 0.1464, date: '2025-06-28', interruption: { low: 0.2, high: 1 } },
      flags: [],
    });
  });
});

function expectSum(values: readonly (number | null | undefined)[], rows: number, sum: number): void {
  const told = values.filter((value) => value !== null && value !== undefined);
  expect(told).toHaveLength(rows);
  expect(told.reduce((total, value) => total + value, 0)).toBeCloseTo(sum, 6);
}

describe('every row', () => {
  const prices = instances.flatMap(({ id, onDemand, spot, flags }) => [
    { name: id, ...onDemand, flags },
    ...(spot === null ? [] : [{ name: `${id} spot`, ...spot, flags }]),
  ]);
  const rows = [
    ...prices,
    ...[...processors, ...accelerators].map((row) => ({ ...row, name: row.id })),
    ...tokenPrices.map((row) => ({ ...row, name: row.model })),
    ...grids.map((row) => ({ ...row, name: row.key })),
  ];

  it('has a source', () => {
    expect(rows.filter(({ source }) => source.trim().length < 5).map(({ name }) => name)).toEqual([]);
  });

  it('has a date, or is flagged', () => {
    const silent = rows.filter(({ date, flags }) => date === null && !flags.includes('undated'));
    expect(silent.map(({ name }) => name)).toEqual([]);
    expect(rows.filter(({ date }) => date !== null && Number.isNaN(Date.parse(date)))).toEqual([]);
  });

  it('has nothing that could reach a table as markup or control a terminal', () => {
    expect(JSON.stringify(catalog)).not.toMatch(/\\u00|\\n/);
  });
});

/** As the notes on the sources list them. */
describe('doubtful rows', () => {
  const flagged = (flag: CatalogFlag) => instances.filter(({ flags }) => flags.includes(flag));
  const names = (flag: CatalogFlag) => flagged(flag).map(({ name }) => name);

  it('are spot prices of AWS’ P family, whose prices were cut between savings and price', () => {
    expect(names('spot-low-confidence')).toEqual(['p4d.24xlarge', 'p4de.24xlarge', 'p5.48xlarge', 'p5en.48xlarge']);
  });

  it('are spot prices of Google’s c3 and n2d, 90 % off', () => {
    const expected = instances.filter(({ cloud, name }) => cloud === 'gcp' && /^(c3|n2d)-/.test(name));
    expect(flagged('spot-outlier')).toEqual(expected);
    for (const { spot, onDemand } of expected)
      expect(1 - (spot?.usdPerHour ?? 0) / onDemand.usdPerHour).toBeCloseTo(0.9, 1);
  });

  it('are all spot prices of Azure, none of which has a date', () => {
    const expected = instances.filter(({ cloud, spot }) => cloud === 'azure' && spot !== null);
    expect(flagged('spot-older')).toEqual(expected);
    expect(expected.map(({ spot }) => spot?.date)).toEqual(expected.map(() => null));
    expect(expected).toHaveLength(10);
  });

  it('are spot prices of Google’s t2d, on which two lists differ', () => {
    expect(names('spot-disputed')).toEqual(['t2d-standard-4', 't2d-standard-8']);
  });

  it('are sums of a machine and its accelerators', () => {
    expect(names('summed')).toEqual(['n1-standard-4+1xT4', 'n1-standard-8+1xV100', 'a3-highgpu-1g', 'a3-highgpu-8g']);
  });

  it('are accelerators of AWS with their usable memory', () => {
    const odd = instances.filter(({ accelerator }) => (accelerator?.memoryGibEach ?? 0) % 1 !== 0);
    expect(flagged('usable-memory')).toEqual(odd);
    expect(new Set(odd.map(({ accelerator }) => accelerator?.name))).toEqual(new Set(['A10G', 'L4', 'L40S', 'B200']));
  });

  it('are all prices of the catalog that tells no dates', () => {
    const undated = instances.filter(({ onDemand, spot }) => onDemand.date === null || spot?.date === null);
    expect(flagged('undated')).toEqual(undated);
    const clouds = new Set(undated.filter(({ onDemand }) => onDemand.date === null).map(({ cloud }) => cloud));
    expect(clouds).toEqual(new Set(['gcp', 'lambda', 'hyperstack', 'runpod']));
  });

  it('are processors, whose work a cycle was not looked up, and whose power may be a sibling’s', () => {
    expect(processors.filter(({ flags }) => !flags.includes('from-memory'))).toEqual([]);
    const estimated = processors.filter(({ flags }) => flags.includes('estimate')).map(({ id }) => id);
    expect(estimated).toEqual(expect.arrayContaining(['graviton2', 'graviton3', 'graviton4', 'altra']));
    expect(estimated).not.toContain('xeon-8375c');
  });

  it('are accelerators from memory or assumed', () => {
    const ids = (flag: CatalogFlag) => accelerators.filter(({ flags }) => flags.includes(flag)).map(({ id }) => id);
    const told = accelerators.filter(({ source }) => /memory/i.test(source)).map(({ id }) => id);
    expect(ids('from-memory')).toEqual(told);
    expect(told).toEqual(expect.arrayContaining(['v100-sxm2-16gb', 'a10', 'a10g', 'l4', 'h100-sxm5']));
    expect(ids('estimate')).toEqual(['t4g']);
  });
});
