import type { Catalog } from './catalog.ts';
import { catalogSchema } from './catalog-schema.ts';
import { checkCatalog } from './check-catalog.ts';
import { withVcpuShares } from './processor-row.ts';
import { accelerators } from './rows/accelerators.ts';
import { amd64Processors } from './rows/amd64-processors.ts';
import { arm64Processors } from './rows/arm64-processors.ts';
import { awsAcceleratedInstances } from './rows/aws-accelerated-instances.ts';
import { awsProcessorInstances } from './rows/aws-processor-instances.ts';
import { azureInstances } from './rows/azure-instances.ts';
import { gcpInstances } from './rows/gcp-instances.ts';
import { gpuCloudInstances } from './rows/gpu-cloud-instances.ts';
import { gridIntensities } from './rows/grid-intensities.ts';
import { tokenPrices } from './rows/token-prices.ts';

let loaded: Catalog | undefined;

/**
 * The figures that come with `infer`, checked when they are first asked for.
 * @throws RangeError for rows that cannot be right: a bug, for tests check them too
 */
export function loadCatalog(): Catalog {
  loaded ??= checked({
    instances: [
      ...awsProcessorInstances,
      ...awsAcceleratedInstances,
      ...gcpInstances,
      ...azureInstances,
      ...gpuCloudInstances,
    ],
    processors: [...amd64Processors, ...arm64Processors].map(withVcpuShares),
    accelerators,
    tokenPrices,
    grids: gridIntensities,
  });
  return loaded;
}

function checked(rows: Catalog): Catalog {
  const catalog = catalogSchema.parse(rows);
  const [first] = checkCatalog(catalog);
  if (first !== undefined) throw new RangeError(`catalog row ${first.row}: ${first.problem}`);
  return catalog;
}
