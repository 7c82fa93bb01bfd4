import { describe, expect, it } from 'vitest';
import type { PricesQuery } from '../../../src/cost/catalog/list-prices.ts';
import { listPrices } from '../../../src/cost/catalog/list-prices.ts';
import { loadCatalog } from '../../../src/cost/catalog/load-catalog.ts';

const catalog = loadCatalog();

function list(part: PricesQuery['part'], day: string, instances: readonly string[] = []) {
  const filter = { instances, clouds: [], regions: [] };
  const query = { part, names: [], filter, architecture: null, accelerator: null, vcpus: null, mostUsdPerHour: null };
  return listPrices(catalog, { ...query, order: 'catalog' }, new Date(day));
}

describe('how old a listing is', () => {
  it('is told by the older of two prices, and warned of past 90 days, once', () => {
    const { oldest, daysOld, warnings } = list('instances', '2026-10-01');
    expect({ oldest, daysOld }).toEqual({ oldest: '2025-06-28', daysOld: 460 });
    expect(warnings).toEqual([{ code: 'prices-old', details: { oldest: '2025-06-28', days: 460 } }]);
  });

  it('is told of what is listed alone', () => {
    const onDemandOnly = ['c8i.2xlarge', 'p5.4xlarge', 'gpu_1x_a10'];
    expect(list('instances', '2026-10-18', onDemandOnly)).toMatchObject({
      oldest: '2026-07-20',
      daysOld: 90,
      undated: 1,
      warnings: [],
    });
    expect(list('instances', '2026-10-19', onDemandOnly).warnings).toHaveLength(1);
  });

  it('is no warning where no price is: chips stay as they are', () => {
    expect(list('grids', '2030-01-01')).toMatchObject({ oldest: '2023', undated: 40, warnings: [] });
    expect(list('accelerators', '2030-01-01').warnings).toEqual([]);
    expect(list('tokenPrices', '2030-01-01').warnings).toHaveLength(1);
  });
});
