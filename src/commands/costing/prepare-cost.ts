import { resolve } from 'node:path';
import type { Catalog, InstanceType, TokenPrice } from '../../cost/catalog/catalog.ts';
import { findInstance, selectInstances } from '../../cost/catalog/find-instance.ts';
import { loadCatalog } from '../../cost/catalog/load-catalog.ts';
import { mergePrices } from '../../cost/catalog/merge-prices.ts';
import type { Workflow } from '../../cost/workflow/workflow.ts';
import { UsageError } from '../../errors.ts';
import type { CostRequest } from '../cost-request.ts';
import { readTextFile } from '../read-text-file.ts';

/** The name, in the place of an instance, of the device that `--edge` is about. */
const edgeDevice = 'device';

/** What a request names, looked up. */
export interface PreparedCost {
  readonly catalog: Catalog;
  /** Those that are asked for. */
  readonly instances: readonly InstanceType[];
  /** The instance that a result was measured on; null where nobody says, and for devices. */
  readonly instanceOf: (resultPath: string) => InstanceType | null;
  readonly isOfDevice: (resultPath: string) => boolean;
  readonly workflow: Workflow | null;
  readonly apiPrice: TokenPrice | null;
}

/**
 * Prices, machines and the workflow of a request: what is wrong with them is told before anything is measured.
 * @throws UsageError for names that there are not, DataError for price lists and workflows that make no sense
 */
export async function prepareCost(request: CostRequest, cwd: string): Promise<PreparedCost> {
  const catalog = await catalogOf(request.pricePaths, cwd);
  const { measuredOn, workflowPath, api } = request;
  const instances = new Map(
    Object.entries(measuredOn)
      .filter(([, name]) => name !== edgeDevice)
      .map(([path, name]) => [path, findInstance(name, catalog, '--measured-on')]),
  );
  const told = (path: string) => measuredOn[path] ?? measuredOn[''];
  return {
    catalog,
    instances: selectInstances(catalog, request.filter),
    instanceOf: (path) => (measuredOn[path] === undefined ? instances.get('') : instances.get(path)) ?? null,
    isOfDevice: (path) => told(path) === edgeDevice,
    workflow: workflowPath === null ? null : await readWorkflow(workflowPath, cwd),
    apiPrice: api === null ? null : tokenPriceOf(api.model, catalog),
  };
}

async function catalogOf(pricePaths: readonly string[], cwd: string): Promise<Catalog> {
  const lists = pricePaths.map((path) => ({ path, text: readTextFile(resolve(cwd, path), 'price list') }));
  return mergePrices(loadCatalog(), lists);
}

async function readWorkflow(path: string, cwd: string): Promise<Workflow> {
  const text = readTextFile(resolve(cwd, path), 'workflow');
  return (await import('../../cost/workflow/parse-workflow.ts')).parseWorkflow(text, path);
}

function tokenPriceOf(value: string, { tokenPrices }: Catalog): TokenPrice {
  const wanted = value.toLowerCase();
  const found = tokenPrices.find(({ model }) => model.toLowerCase() === wanted);
  if (found !== undefined) return found;
  throw new UsageError('unknown-name', { what: '--vs-api', value, known: tokenPrices.map(({ model }) => model) });
}
