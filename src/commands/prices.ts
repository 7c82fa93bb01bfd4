import { resolve } from 'node:path';
import type { PricesQuery } from '../cost/catalog/list-prices.ts';
import { listPrices } from '../cost/catalog/list-prices.ts';
import { loadCatalog } from '../cost/catalog/load-catalog.ts';
import { mergePrices } from '../cost/catalog/merge-prices.ts';
import type { PricesResult } from '../cost/catalog/prices-result.ts';
import type { Runtime } from '../runtime/runtime.ts';
import type { Envelope } from './envelope.ts';
import { readTextFile } from './read-text-file.ts';

export interface PricesRequest {
  readonly query: PricesQuery;
  /** Files of prices that are added to the catalog. */
  readonly pricePaths: readonly string[];
}

export interface PricesContext {
  readonly runtime: Pick<Runtime, 'environment'>;
  readonly envelope: Envelope;
  readonly cwd: string;
  readonly now: Date;
}

/**
 * What the catalog says of machines, chips, models behind an API and grids, with the user's own rows in it.
 * @throws UsageError for names that there are not and files that are missing, DataError for price lists that make no sense
 */
export async function prices({ query, pricePaths }: PricesRequest, context: PricesContext): Promise<PricesResult> {
  const lists = pricePaths.map((path) => ({ path, text: readTextFile(resolve(context.cwd, path), 'price list') }));
  const catalog = await mergePrices(loadCatalog(), lists);
  const { warnings, ...listed } = listPrices(catalog, query, context.now);
  const environment = await context.runtime.environment();
  return { ...context.envelope, kind: 'prices', environment, warnings, ...listed };
}
