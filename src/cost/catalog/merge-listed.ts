import type { CatalogFlag } from '../vocabulary.ts';
import type { Provenance } from './catalog.ts';
import type { PriceFields } from './price-fields.ts';
import type { PriceRow } from './price-row.ts';

interface Listed extends Provenance {
  readonly flags: readonly CatalogFlag[];
}

interface Merging<Row> {
  /** The catalog's row of that name. */
  readonly base: Row | null;
  /** What a new row has where nothing is told. */
  readonly usual: PriceFields;
  readonly fields: PriceFields;
  readonly row: PriceRow;
}

/** A user's row over the catalog's, or over what is usual; the catalog's own where nothing differs. */
export function mergeListed<Row extends Listed>(
  { base, usual, fields, row }: Merging<Row>,
  parse: (whole: PriceFields) => Row,
): Row {
  const whole = { date: null, ...usual, ...base, ...fields };
  const parsed = parse({ ...whole, source: fields['source'] ?? base?.source ?? row.path, flags: base?.flags ?? [] });
  if (base !== null && sorted(parsed) === sorted(base)) return base;
  // A figure of one's own does not have the catalog's source, unless that is what the list says.
  const { source, date } = parse({
    ...whole,
    source: fields['source'] ?? row.path,
    date: fields['date'] ?? null,
    flags: [],
  });
  const kept = parsed.flags.filter((flag) => flag !== 'undated' && flag !== 'user');
  return { ...parsed, source, date, flags: [...kept, ...(date === null ? (['undated'] as const) : []), 'user'] };
}

function sorted(row: object): string {
  return JSON.stringify(Object.entries(row).toSorted(([a], [b]) => (a < b ? -1 : 1)));
}
