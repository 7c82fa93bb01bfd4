import type { Catalog } from './catalog.ts';
import { outOfBand } from './price-bands.ts';
import { gridProblems, hardwareProblems, instanceProblems, tokenPriceProblems } from './row-problems.ts';

/** A row that cannot be right. */
export interface CatalogProblem {
  /** `aws/us-east-1/c7i.2xlarge`, `gpt-5`: what it is called. */
  readonly row: string;
  readonly problem: string;
}

/** Everything that holds between the figures of a catalog and does not: prices, references, sizes, dates, flags. */
export function checkCatalog(catalog: Catalog): readonly CatalogProblem[] {
  const { instances, processors, accelerators, tokenPrices, grids } = catalog;
  return [
    ...instances.flatMap((row) => named(row.id, instanceProblems(row, catalog))),
    ...outOfBand(instances).map(({ id, problem }) => ({ row: id, problem })),
    ...[...processors, ...accelerators].flatMap((row) => named(row.id, hardwareProblems(row))),
    ...tokenPrices.flatMap((row) => named(row.model, tokenPriceProblems(row))),
    ...grids.flatMap((row) => named(row.key, gridProblems(row))),
    ...[
      instances.map(({ id }) => id),
      processors.map(({ id }) => id),
      accelerators.map(({ id }) => id),
      tokenPrices.map(({ model }) => model),
      grids.map(({ key }) => key),
    ].flatMap(repeated),
  ];
}

function named(row: string, problems: readonly string[]): readonly CatalogProblem[] {
  return problems.map((problem) => ({ row, problem }));
}

function repeated(names: readonly string[]): readonly CatalogProblem[] {
  const twice = names.filter((name, index) => names.indexOf(name) !== index);
  return [...new Set(twice)].map((row) => ({ row, problem: 'there are several rows of that name' }));
}
