import { describe, expect, it } from 'vitest';
import type { Catalog, InstanceType } from '../../../src/cost/catalog/catalog.ts';
import { checkCatalog } from '../../../src/cost/catalog/check-catalog.ts';
import { listPrices } from '../../../src/cost/catalog/list-prices.ts';
import type { PricesQuery } from '../../../src/cost/catalog/list-prices.ts';
import { loadCatalog } from '../../../src/cost/catalog/load-catalog.ts';
import { mergePrices } from '../../../src/cost/catalog/merge-prices.ts';
import { catalogParts } from '../../../src/cost/catalog/price-row.ts';
import { DataError } from '../../../src/errors.ts';
import { describeError } from '../../../src/report/messages/message.ts';
import { pricesCsv } from '../../../src/report/prices-csv.ts';
import { benchResult } from '../../report/fixture-bench-result.ts';

const catalog = loadCatalog();

function merge(text: string, path = 'prices.yaml'): Promise<Catalog> {
  return mergePrices(catalog, [{ path, text }]);
}

async function instance(text: string, id: string, path?: string): Promise<InstanceType | undefined> {
  const merged = await merge(text, path);
  expect(checkCatalog(merged)).toEqual([]);
  return merged.instances.find((row) => row.id === id);
}

const known = (id: string) => catalog.instances.find((row) => row.id === id);

describe('an instance of the user’s', () => {
  it('takes its hardware from the same machine in another region', async () => {
    const text = `
instances:
  - cloud: aws
    region: eu-west-1
    name: c7i.2xlarge
    onDemandUsdPerHour: $0.407/h
    source: our contract
    date: 2026-09-01`;
    expect(await instance(text, 'aws/eu-west-1/c7i.2xlarge')).toEqual({
      ...known('aws/us-east-1/c7i.2xlarge'),
      id: 'aws/eu-west-1/c7i.2xlarge',
      region: 'eu-west-1',
      onDemand: { usdPerHour: 0.407, source: 'our contract', date: '2026-09-01' },
      spot: null,
      flags: ['user'],
    });
  });

  it('replaces the price it names and keeps the others with their sources', async () => {
    const text = 'id,onDemandUsdPerHour\naws/us-east-1/c7i.2xlarge,0.25';
    const before = known('aws/us-east-1/c7i.2xlarge');
    expect(await instance(text, 'aws/us-east-1/c7i.2xlarge', 'ours.csv')).toEqual({
      ...before,
      onDemand: { usdPerHour: 0.25, source: 'ours.csv', date: null },
      flags: ['undated', 'user'],
    });
  });

  it('loses the doubt with the figure it was about, and no other', async () => {
    const id = 'gcp/us-central1/c3-standard-4';
    const fresh = `- {id: ${id}, spotUsdPerHour: 0.08, spotSource: a look, spotDate: 2026-09-01, interruption: 5-10%}`;
    expect(await instance(fresh, id)).toMatchObject({
      onDemand: known(id)?.onDemand,
      spot: { usdPerHour: 0.08, source: 'a look', date: '2026-09-01', interruption: { low: 0.05, high: 0.1 } },
      flags: ['user'],
    });
    const cheaper = `- {id: ${id}, onDemandUsdPerHour: 0.2, source: a look, date: 2026-09-01}`;
    expect((await instance(cheaper, id))?.flags).toEqual(['spot-outlier', 'user']);
  });

  it('has no spot price where it says so', async () => {
    const text = '- {id: aws/us-east-1/c7i.2xlarge, onDemandUsdPerHour: 0.357, spotUsdPerHour: null}';
    expect((await instance(text, 'aws/us-east-1/c7i.2xlarge'))?.spot).toBeNull();
  });

  it('may be a machine that nobody knows', async () => {
    const text = JSON.stringify([
      {
        cloud: 'rack',
        region: 'cellar',
        name: 'box',
        vcpus: 16,
        memoryGib: 64,
        onDemandUsdPerHour: 0.2,
        processor: 'graviton3',
        accelerator: 'NVIDIA L4',
        acceleratorCount: 2,
        currency: 'usd',
      },
    ]);
    expect(await instance(text, 'rack/cellar/box', 'prices.json')).toEqual({
      id: 'rack/cellar/box',
      cloud: 'rack',
      region: 'cellar',
      name: 'box',
      vcpus: 16,
      memoryGib: 64,
      architecture: 'arm64',
      processor: 'graviton3',
      processorName: 'AWS Graviton3 (Neoverse V1)',
      accelerator: { id: 'l4', name: 'NVIDIA L4', count: 2, memoryGibEach: 24 },
      currency: 'USD',
      onDemand: { usdPerHour: 0.2, source: 'prices.json', date: null },
      spot: null,
      flags: ['undated', 'user'],
    });
  });
});

describe('other rows of the user’s', () => {
  it('are token prices, over the catalog’s and new', async () => {
    const csv =
      'model,usdPerMillionInput,usdPerMillionOutput,date\ngpt-5,1,8,2026-09-01\nours,0.1,0.2,\n"text-embedding-3-small",0.01,0,2026-09-01';
    const { tokenPrices } = await merge(csv, 'tokens.csv');
    const find = (model: string) => tokenPrices.find((row) => row.model === model);
    const user = { source: 'tokens.csv', date: '2026-09-01', flags: ['user'] };
    expect(find('gpt-5')).toMatchObject({ provider: 'openai', usdPerMillionInput: 1, usdPerMillionOutput: 8, ...user });
    expect(find('gpt-5')).toMatchObject({ usdPerMillionCachedInput: 0.125, contextTokens: 272_000 });
    expect(find('ours')).toMatchObject({ provider: 'user', mode: 'chat', date: null, flags: ['undated', 'user'] });
    expect(find('text-embedding-3-small')).toMatchObject({ mode: 'embedding', usdPerMillionInput: 0.01, ...user });
    expect(tokenPrices).toHaveLength(catalog.tokenPrices.length + 1);
  });

  it('are grids, of places and of one’s own', async () => {
    const { grids } = await merge(
      'grids: [{key: FRA, gramsPerKwh: 21, date: 2024}, {key: us-east-1, gramsPerKwh: 380}]',
    );
    expect(grids.find(({ key }) => key === 'FRA')).toEqual({
      scope: 'country',
      key: 'FRA',
      gramsPerKwh: 21,
      source: 'prices.yaml',
      date: '2024',
      flags: ['user'],
    });
    expect(grids.at(-1)).toMatchObject({ scope: 'user', key: 'us-east-1', flags: ['undated', 'user'] });
  });

  it('are chips; what a vCPU gets follows', async () => {
    const text = `
processors:
  - {id: epyc-7763, allCoreGhz: 3.0, date: 2026-09-01, source: measured}
accelerators:
  - {id: l40, name: L40, memoryGb: 48, gbPerSecond: 864, fp16Tflops: 181, modelPatterns: [l40]}`;
    const merged = await merge(text);
    const processor = merged.processors.find(({ id }) => id === 'epyc-7763');
    expect(processor).toMatchObject({ fp32GflopsPerVcpu: 48, flags: ['from-memory', 'user'], source: 'measured' });
    expect(merged.accelerators.at(-1)).toMatchObject({ id: 'l40', fp32Tflops: null, flags: ['undated', 'user'] });
  });

  it('add up over lists, the last one winning', async () => {
    const list = (price: number) => ({
      path: `${price}.yaml`,
      text: `- {model: ours, usdPerMillionInput: ${price}, usdPerMillionOutput: 1}`,
    });
    const { tokenPrices } = await mergePrices(catalog, [list(1), list(2)]);
    expect(tokenPrices.filter(({ model }) => model === 'ours')).toMatchObject([{ usdPerMillionInput: 2 }]);
  });
});

describe.each(catalogParts)('a listing of %s that is given back', (part) => {
  const query: PricesQuery = {
    part,
    names: [],
    filter: { instances: [], clouds: [], regions: [] },
    architecture: null,
    accelerator: null,
    vcpus: null,
    mostUsdPerHour: null,
    order: 'catalog',
  };
  const { schemaVersion, tool, createdAt, command, environment } = benchResult(['m.onnx'], []);
  const listed = listPrices(catalog, query, new Date('2026-10-01'));
  const result = { schemaVersion, tool, createdAt, command, environment, kind: 'prices' as const, ...listed };

  it('changes nothing, as CSV and as JSON', async () => {
    expect(result[part].length).toBeGreaterThan(10);
    expect(await merge(pricesCsv(result), 'prices.csv')).toEqual(catalog);
    expect(await merge(JSON.stringify(result), 'prices.json')).toEqual(catalog);
  });
});

describe('a price list that makes no sense', () => {
  const c7i = 'id: aws/us-east-1/c7i.2xlarge';

  it.each([
    ['', 'prices.yaml', /^prices\.yaml: the price list cannot be used: it is neither a list of rows nor an object/],
    ['[]', 'prices.json', /it has no rows; give at least one price$/],
    ['id,onDemandUsdPerHour\n', 'p.csv', /^p\.csv: .*it has no rows/],
    ['instances: [', 'prices.yaml', /^prices\.yaml: the price list cannot be used: .*; correct it there$/],
    ['instanzes: []', 'prices.yaml', /there is nothing called 'instanzes'; did you mean 'instances'\?/],
    ['instances: 7', 'prices.yaml', /^prices\.yaml, instances: .* it is no list of rows; correct that row$/],
    ['[7]', 'prices.yaml', /^prices\.yaml, row 1: .* it is no object with fields/],
    ['name,price\nx,1', 'p.csv', /^p\.csv, line 1: .*no column tells what has a price; give onDemandUsdPerHour/],
    ['id,id,gramsPerKwh\n', 'p.csv', /column 'id' is there twice/],
    ['key,gramsPerKwh\nx', 'p.csv', /^p\.csv, line 2: .*it has 1 cells, and the header has 2/],
    [`- {${c7i}, onDemandUsdPerHour: 0}`, 'p.yaml', /^p\.yaml, row 1: .*onDemandUsdPerHour is 0, and must be above 0/],
    [
      `instances: [{${c7i}, onDemandUsdPerHour: -1}]`,
      'p.yaml',
      /^p\.yaml, instances\[0\]: .*is -1, and must be above 0/,
    ],
    [`- {${c7i}, onDemandUsdPerHour: .inf}`, 'p.yaml', /onDemandUsdPerHour is Infinity, and must be number/],
    [
      `- {${c7i}, onDemandUsdPerHour: 0.4, currency: EUR}`,
      'p.yaml',
      /its currency is EUR; convert its prices into USD$/,
    ],
    [`- {${c7i}, onDemandUsdPerHour: €0.40}`, 'p.yaml', /is €0\.40, which is another currency; convert it into USD$/],
    [`- {${c7i}, onDemandUsdPerHour: 0.40 EUR}`, 'p.yaml', /is 0\.40 EUR, which is another currency/],
    [`- {${c7i}, onDemandUsdPerHour: cheap}`, 'p.yaml', /onDemandUsdPerHour is "cheap", and must be number/],
    [
      `- {${c7i}, spotUsdPerHour: 0.4}`,
      'p.yaml',
      /\(aws\/.*c7i\.2xlarge\): .*spot price 0\.4 is above the on-demand price 0\.357/,
    ],
    [`- {${c7i}, onDemandUsdPerHour: 0.4, vcpu: 8}`, 'p.yaml', /there is no field 'vcpu'; did you mean 'vcpus'\?/],
    [`- {${c7i}, onDemandUsdPerHour: 0.4, date: soon}`, 'p.yaml', /date is "soon", and must be YYYY-MM-DD/],
    [
      `- {${c7i}, spotUsdPerHour: 0.1, interruption: rare}`,
      'p.yaml',
      /interruption is "rare", and must be a range a month/,
    ],
    [`- {${c7i}, onDemandUsdPerHour: 0.4, processor: 8375}`, 'p.yaml', /no processor '8375'; known: xeon-8375c,/],
    ['- {id: c7i.2xlarge, onDemandUsdPerHour: 0.4}', 'p.yaml', /its id is 'c7i\.2xlarge'; write cloud\/region\/name/],
    [
      `- {${c7i}, region: eu-west-1, onDemandUsdPerHour: 1}`,
      'p.yaml',
      /and cloud, region and name are others; leave one out/,
    ],
    ['- {cloud: a, name: c, onDemandUsdPerHour: 0.4}', 'p.yaml', /region is missing; give it$/],
    ['- {id: a/b/c, onDemandUsdPerHour: 0.4}', 'p.yaml', /vcpus is missing; give it$/],
    ['- {id: a/b/c, onDemandUsdPerHour: 0.4, vcpus: 8, memoryGib: 16000}', 'p.yaml', /16000 GiB for 8 vCPUs/],
    [
      '- {model: x, usdPerMillionInput: 0, usdPerMillionOutput: 1}',
      'p.yaml',
      /usdPerMillionInput is 0, and must be above 0/,
    ],
    ['- {model: x, usdPerMillionInput: 1}', 'p.yaml', /it has no price of output tokens/],
    ['- {model: x, usdPerMillionInput: 1, usdPerMillionOutput: -2}', 'p.yaml', /is -2, and must be at least 0/],
    ['tokenPrices: [{model: x}]', 'p.yaml', /^p\.yaml, tokenPrices\[0\]: .*usdPerMillionInput is missing; give it$/],
    [`- {${c7i}, onDemandUsdPerHour: 1, interruption: {low: 0, high: 2}}`, 'p.yaml', /is .*, and must be at most 1;/],
    ['- {key: x, gramsPerKwh: 5000}', 'p.yaml', /5000 g\/kWh/],
    ['- {key: x, gramsPerKwh: 20, scpoe: user}', 'p.yaml', /there is no field 'scpoe'; did you mean 'scope'\?/],
  ])('is refused: %s', async (text, path, sentence) => {
    const error = await merge(text, path).catch((thrown: unknown) => thrown);
    if (!(error instanceof DataError)) throw new Error('it was accepted');
    expect(describeError(error)).toMatch(sentence);
  });
});
