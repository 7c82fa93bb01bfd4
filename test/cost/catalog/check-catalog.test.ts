import { describe, expect, it } from 'vitest';
import type { Catalog, InstanceType } from '../../../src/cost/catalog/catalog.ts';
import { catalogSchema } from '../../../src/cost/catalog/catalog-schema.ts';
import { checkCatalog } from '../../../src/cost/catalog/check-catalog.ts';
import { loadCatalog } from '../../../src/cost/catalog/load-catalog.ts';
import { familyOf } from '../../../src/cost/catalog/price-bands.ts';

const catalog = loadCatalog();

/** The catalog with one instance changed. */
function withInstance(name: string, change: (row: InstanceType) => Partial<InstanceType>): Catalog {
  const instances = catalog.instances.map((row) => (row.name === name ? { ...row, ...change(row) } : row));
  return { ...catalog, instances };
}

function problemsOf(changed: Catalog): readonly string[] {
  return checkCatalog(changed).map(({ row, problem }) => `${row}: ${problem}`);
}

describe('checkCatalog', () => {
  it('finds nothing in the catalog as it is', () => {
    expect(checkCatalog(catalog)).toEqual([]);
  });

  // Each was seen in a public list of prices.
  it.each<[string, string, (row: InstanceType) => Partial<InstanceType>, RegExp]>([
    [
      'a spot price above the one on demand',
      'a2-ultragpu-1g',
      ({ onDemand }) => ({ onDemand: { ...onDemand, usdPerHour: 1.5 } }),
      /^gcp\/us-central1\/a2-ultragpu-1g: the spot price 1\.6 is above the on-demand price 1\.5$/,
    ],
    [
      'a placeholder of 700',
      'g4dn.xlarge',
      ({ onDemand }) => ({ onDemand: { ...onDemand, usdPerHour: 700 } }),
      /700 USD an hour and accelerator, where others cost/,
    ],
    [
      '12 GPUs where there are 8',
      'Standard_ND96isr_H100_v5',
      ({ accelerator }) => ({ accelerator: accelerator && { ...accelerator, count: 12 } }),
      /12 accelerators H100$/,
    ],
    ['GiB as MiB', 'c7i.2xlarge', () => ({ memoryGib: 16 / 1024 }), /0\.015625 GiB for 8 vCPUs$/],
    [
      'memory of another GPU',
      'gpu_1x_a10',
      ({ accelerator }) => ({ accelerator: accelerator && { ...accelerator, memoryGibEach: 48 } }),
      /48 GiB each, where A10 has 24$/,
    ],
    [
      'a size that costs twice as much a vCPU as its family',
      'c7g.4xlarge',
      ({ onDemand }) => ({ onDemand: { ...onDemand, usdPerHour: 1.16 } }),
      /^aws\/us-east-1\/c7g\.4xlarge: 0\.0725 USD an hour and vCPU, where others cost 0\.03625$/,
    ],
    ['a processor that is nowhere', 'c7g.large', () => ({ processor: 'graviton9' }), /no processor 'graviton9'$/],
    ['a processor of another kind', 'c7g.large', () => ({ processor: 'xeon-8375c' }), /'xeon-8375c' is amd64$/],
    [
      'an accelerator that is nowhere',
      'g5.xlarge',
      ({ accelerator }) => ({ accelerator: accelerator && { ...accelerator, id: 'a11' } }),
      /no accelerator 'a11'$/,
    ],
    [
      'no date and no flag',
      'c7g.large',
      ({ onDemand }) => ({ onDemand: { ...onDemand, date: null } }),
      /no date and is not flagged undated$/,
    ],
    ['a flag and dates', 'c7g.large', () => ({ flags: ['undated'] }), /flagged undated and has a date$/],
    [
      'a flag of a price that is not there',
      'c8i.2xlarge',
      () => ({ flags: ['spot-outlier'] }),
      /without a spot price$/,
    ],
    ['an id of another row', 'c7g.large', () => ({ region: 'mars-1' }), /its id is not aws\/mars-1\/c7g\.large$/],
    [
      'interruptions the wrong way round',
      'c7g.large',
      ({ spot }) => ({ spot: spot && { ...spot, interruption: { low: 0.2, high: 0.1 } } }),
      /from high to low$/,
    ],
  ])('finds %s', (_, name, change, problem) => {
    expect(problemsOf(withInstance(name, change))).toEqual([expect.stringMatching(problem)]);
  });

  it('leaves prices of the user’s own alone, however far off', () => {
    const changed = withInstance('c7g.4xlarge', ({ onDemand }) => ({
      onDemand: { ...onDemand, usdPerHour: 30 },
      flags: ['user'],
    }));
    expect(checkCatalog(changed)).toEqual([]);
  });

  it('finds two rows of a name', () => {
    const twice = { ...catalog, tokenPrices: [...catalog.tokenPrices, ...catalog.tokenPrices.slice(0, 1)] };
    expect(problemsOf(twice)).toEqual(['gpt-5: there are several rows of that name']);
  });

  it('finds what cannot be about tokens and grids', () => {
    const [price, ...prices] = catalog.tokenPrices;
    const [grid, ...grids] = catalog.grids;
    if (price === undefined || grid === undefined) throw new Error('the catalog has both');
    const free = { ...price, usdPerMillionOutput: 0, usdPerMillionCachedInput: 2 };
    const changed = {
      ...catalog,
      tokenPrices: [free, ...prices],
      grids: [{ ...grid, gramsPerKwh: 5000, flags: [] }, ...grids],
    };
    expect(problemsOf(changed)).toEqual([
      'gpt-5: it has no price of output tokens',
      'gpt-5: cached input costs more than input',
      'africa-south1: 5000 g/kWh',
      'africa-south1: it has no date and is not flagged undated',
    ]);
  });
});

describe('catalogSchema', () => {
  it.each<[string, Partial<InstanceType>]>([
    ['no source', { onDemand: { usdPerHour: 0.1, source: ' ', date: '2026-01-01' } }],
    ['a price of 0', { onDemand: { usdPerHour: 0, source: 'a list', date: '2026-01-01' } }],
    ['a negative price', { onDemand: { usdPerHour: -0.1, source: 'a list', date: '2026-01-01' } }],
    ['a day that there is not', { onDemand: { usdPerHour: 0.1, source: 'a list', date: '2026-13-01' } }],
    ['half a vCPU', { vcpus: 0.5 }],
  ])('takes no row with %s', (_, change) => {
    expect(catalogSchema.safeParse(catalog).success).toBe(true);
    expect(catalogSchema.safeParse(withInstance('c7g.large', () => change)).success).toBe(false);
  });
});

describe('familyOf', () => {
  it.each([
    ['c7i.2xlarge', 'c7i'],
    ['p6-b200.48xlarge', 'p6-b200'],
    ['n2-standard-16', 'n2-standard'],
    ['Standard_D8s_v5', 'Standard_Ds_v5'],
    ['Standard_F16s_v2', 'Standard_Fs_v2'],
  ])('of %s is %s', (name, family) => expect(familyOf(name)).toBe(family));
});
