import type { Accelerator, GridIntensity, InstanceType, Processor, TokenPrice } from './catalog.ts';
import type { PricesFindings } from './prices-result.ts';

export type InstanceRow = PricesFindings['instances'][number];

/** An instance on one level; source and date are those of the on-demand price. */
export function instanceRow(instance: InstanceType): InstanceRow {
  const { id, cloud, region, name, architecture, processor, processorName, vcpus, memoryGib } = instance;
  const { accelerator, onDemand, spot, flags } = instance;
  return {
    id,
    cloud,
    region,
    name,
    architecture,
    processor,
    processorName,
    vcpus,
    memoryGib,
    accelerator: accelerator?.name ?? null,
    acceleratorCount: accelerator?.count ?? 0,
    acceleratorMemoryGib: accelerator?.memoryGibEach ?? null,
    onDemandUsdPerHour: onDemand.usdPerHour,
    spotUsdPerHour: spot?.usdPerHour ?? null,
    interruption: spot?.interruption ?? null,
    spotSource: spot?.source ?? null,
    spotDate: spot?.date ?? null,
    source: onDemand.source,
    date: onDemand.date,
    flags: [...flags],
  };
}

export function processorRow(processor: Processor): PricesFindings['processors'][number] {
  const { families, modelPatterns, instructionSets, flags } = processor;
  return {
    ...processor,
    families: [...families],
    modelPatterns: [...modelPatterns],
    instructionSets: [...instructionSets],
    flags: [...flags],
  };
}

export function acceleratorRow(accelerator: Accelerator): PricesFindings['accelerators'][number] {
  return { ...accelerator, modelPatterns: [...accelerator.modelPatterns], flags: [...accelerator.flags] };
}

export function tokenPriceRow(price: TokenPrice): PricesFindings['tokenPrices'][number] {
  const { model, provider, mode, usdPerMillionInput, usdPerMillionOutput, usdPerMillionCachedInput } = price;
  const { contextTokens, source, date, flags } = price;
  const prices = { usdPerMillionInput, usdPerMillionOutput, usdPerMillionCachedInput };
  return { model, provider, mode, ...prices, contextTokens, source, date, flags: [...flags] };
}

export function gridRow(grid: GridIntensity): PricesFindings['grids'][number] {
  return { ...grid, flags: [...grid.flags] };
}
