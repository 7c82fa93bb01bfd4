import type { PricesResult } from '../cost/catalog/prices-result.ts';
import { count } from './units.ts';

type Interruption = NonNullable<PricesResult['instances'][number]['interruption']>;

/** `<5%`, `5-10%`, `>20%`: of machines a month; as price lists write it. */
export function bandText({ low, high }: Interruption): string {
  if (low === 0) return `<${percent(high)}%`;
  return high === 1 ? `>${percent(low)}%` : `${percent(low)}-${percent(high)}%`;
}

function percent(share: number): string {
  return String(Number((share * 100).toPrecision(6)));
}

/** The parts of a catalog and what a row of each is called. */
export const partNouns = {
  instances: 'instance',
  processors: 'processor',
  accelerators: 'accelerator',
  tokenPrices: 'token price',
  grids: 'grid',
} as const;
export type Part = keyof typeof partNouns;

/** The parts that have rows; instances where none has. */
export function listedParts(result: PricesResult): readonly Part[] {
  const parts: readonly Part[] = ['instances', 'processors', 'accelerators', 'tokenPrices', 'grids'];
  const listed = parts.filter((part) => result[part].length > 0);
  return listed.length === 0 ? ['instances'] : listed;
}

/** How old the figures are, which stands under their table. */
export function ageText({ oldest, undated, daysOld }: PricesResult, rows: number): string {
  if (rows === 0) return 'Nothing in the catalog is so';
  const others = undated === 0 ? '' : `; ${count(undated, 'row')} with a figure that has no date`;
  if (oldest === null) return 'No figure has a date';
  return `Oldest figure: of ${oldest}${daysOld === null ? '' : `, ${count(daysOld, 'day')} old`}${others}`;
}
