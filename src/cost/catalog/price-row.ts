import { DataError } from '../../errors.ts';

/** Parts of a catalog, as a price list names them. */
export const catalogParts = ['instances', 'tokenPrices', 'grids', 'processors', 'accelerators'] as const;
export type CatalogPart = (typeof catalogParts)[number];

/** A row of a user's price list. What is null was left empty, what is missing was not told. */
export interface PriceRow {
  readonly path: string;
  /** Where it is: `line 3`, `instances[1]`. */
  readonly place: string;
  readonly part: CatalogPart;
  readonly fields: Readonly<Record<string, unknown>>;
}

/** What is wrong with a row, and which names a mistyped one could have meant. */
export function malformedRow(
  { path, place }: Pick<PriceRow, 'path' | 'place'>,
  problem: string,
  { name = '', known = [] }: { readonly name?: string; readonly known?: readonly string[] } = {},
): DataError<'cost-prices-malformed'> {
  return new DataError('cost-prices-malformed', { path, row: place, problem, name, known });
}
