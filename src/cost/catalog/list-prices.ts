import { UsageError } from '../../errors.ts';
import type { CostWarning } from '../cost-warning.ts';
import type { Catalog, InstanceType } from './catalog.ts';
import type { InstanceFilter } from './find-instance.ts';
import { selectInstances } from './find-instance.ts';
import { globMatcher } from './glob-matcher.ts';
import type { InstanceRow } from './listed-rows.ts';
import { acceleratorRow, gridRow, instanceRow, processorRow, tokenPriceRow } from './listed-rows.ts';
import { oldPriceDays, priceAge } from './price-age.ts';
import type { CatalogPart } from './price-row.ts';
import type { PricesFindings } from './prices-result.ts';

export const priceOrders = ['catalog', 'name', 'price', 'per-vcpu', 'spot'] as const;
export type PriceOrder = (typeof priceOrders)[number];

/** What to list of a catalog. */
export interface PricesQuery {
  readonly part: CatalogPart;
  /** Names or globs of what is no instance; empty for all. */
  readonly names: readonly string[];
  readonly filter: InstanceFilter;
  readonly architecture: 'amd64' | 'arm64' | null;
  /** Name, id or glob of an accelerator; `none` for machines without one. */
  readonly accelerator: string | null;
  readonly vcpus: { readonly low: number; readonly high: number } | null;
  readonly mostUsdPerHour: number | null;
  readonly order: PriceOrder;
}

type Listed = Pick<PricesFindings, CatalogPart>;
const nothing: Listed = { instances: [], processors: [], accelerators: [], tokenPrices: [], grids: [] };

/**
 * The rows of a catalog that a query asks for, and how old they are.
 * @throws UsageError `unknown-name` for an instance, cloud or region that there is not
 */
export function listPrices(catalog: Catalog, query: PricesQuery, now: Date): PricesFindings {
  const listed = { ...nothing, ...partOf(catalog, query) };
  const provenance = [...listed.processors, ...listed.accelerators, ...listed.tokenPrices, ...listed.grids];
  const dates = [...provenance.map(({ date }) => date), ...listed.instances.flatMap(datesOf)];
  const { oldest, daysOld } = priceAge(dates, now);
  const undated = [...provenance, ...listed.instances].filter(({ flags }) => flags.includes('undated')).length;
  return { ...listed, oldest, undated, daysOld, warnings: warningsOf(query.part, oldest, daysOld) };
}

function partOf(catalog: Catalog, query: PricesQuery): Partial<Listed> {
  const { names, order } = query;
  switch (query.part) {
    case 'instances':
      return { instances: instancesOf(catalog, query).map(instanceRow) };
    case 'processors':
      return { processors: named(catalog.processors, names, chipNames).map(processorRow) };
    case 'accelerators':
      return { accelerators: named(catalog.accelerators, names, chipNames).map(acceleratorRow) };
    case 'tokenPrices': {
      const rows = named(catalog.tokenPrices, names, ({ model, provider }) => [model, provider]);
      const isByPrice = order !== 'catalog' && order !== 'name';
      const ordered = isByPrice ? rows.toSorted((a, b) => a.usdPerMillionInput - b.usdPerMillionInput) : rows;
      return { tokenPrices: ordered.map(tokenPriceRow) };
    }
    case 'grids':
      return { grids: named(catalog.grids, names, ({ key, scope }) => [key, scope]).map(gridRow) };
  }
}

function chipNames({ id, name }: { readonly id: string; readonly name: string }): readonly string[] {
  return [id, name];
}

/** Those that a pattern names, in the catalog's order. Throws UsageError for a pattern that names none. */
function named<Row>(
  rows: readonly Row[],
  patterns: readonly string[],
  namesOf: (row: Row) => readonly string[],
): readonly Row[] {
  if (patterns.length === 0) return rows;
  const matchers = patterns.map((pattern) => [pattern, globMatcher(pattern)] as const);
  const fits = (row: Row, isFit: (name: string) => boolean) => namesOf(row).some(isFit);
  const [vain] = matchers.find(([, isFit]) => !rows.some((row) => fits(row, isFit))) ?? [];
  if (vain !== undefined) {
    const known = [...new Set(rows.flatMap(namesOf))];
    throw new UsageError('unknown-name', { what: '--name', value: vain, known });
  }
  return rows.filter((row) => matchers.some(([, isFit]) => fits(row, isFit)));
}

function instancesOf(catalog: Catalog, query: PricesQuery): readonly InstanceType[] {
  const { architecture, vcpus, mostUsdPerHour } = query;
  const hasAccelerator = acceleratorFilter(query.accelerator, catalog);
  const rows = selectInstances(catalog, query.filter).filter(
    (row) =>
      (architecture === null || row.architecture === architecture) &&
      (vcpus === null || (row.vcpus >= vcpus.low && row.vcpus <= vcpus.high)) &&
      (mostUsdPerHour === null || row.onDemand.usdPerHour <= mostUsdPerHour) &&
      hasAccelerator(row),
  );
  return inOrder(rows, query.order);
}

function acceleratorFilter(
  wanted: string | null,
  { instances }: Pick<Catalog, 'instances'>,
): (row: InstanceType) => boolean {
  if (wanted === null) return () => true;
  if (wanted.toLowerCase() === 'none') return ({ accelerator }) => accelerator === null;
  const isFit = globMatcher(wanted);
  const fits = ({ accelerator }: InstanceType) =>
    accelerator !== null && (isFit(accelerator.name) || isFit(accelerator.id ?? ''));
  if (instances.some(fits)) return fits;
  const known = [...new Set(instances.flatMap(({ accelerator }) => accelerator?.name ?? []))];
  throw new UsageError('unknown-name', { what: '--accelerator', value: wanted, known: ['none', ...known] });
}

function inOrder(rows: readonly InstanceType[], order: PriceOrder): readonly InstanceType[] {
  if (order === 'catalog') return rows;
  if (order === 'name') return rows.toSorted((a, b) => (a.name < b.name ? -1 : Number(a.name > b.name)));
  const price = priceIn[order];
  return rows.toSorted((a, b) => price(a) - price(b));
}

const priceIn: Readonly<Record<'price' | 'per-vcpu' | 'spot', (row: InstanceType) => number>> = {
  price: ({ onDemand }) => onDemand.usdPerHour,
  'per-vcpu': ({ onDemand, vcpus }) => onDemand.usdPerHour / vcpus,
  // Those that nobody sells on spot come last.
  spot: ({ spot }) => spot?.usdPerHour ?? Number.MAX_VALUE,
};

function datesOf({ date, spotUsdPerHour, spotDate }: InstanceRow): readonly (string | null)[] {
  return spotUsdPerHour === null ? [date] : [date, spotDate];
}

/** Clouds change prices; what a chip can do stays. */
function warningsOf(part: CatalogPart, oldest: string | null, days: number | null): PricesFindings['warnings'] {
  const isPriced = part === 'instances' || part === 'tokenPrices';
  if (!isPriced || oldest === null || days === null || days <= oldPriceDays) return [];
  const warning: CostWarning = { code: 'prices-old', details: { oldest, days } };
  return [warning];
}
