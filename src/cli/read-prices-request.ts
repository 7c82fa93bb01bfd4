import type { PricesRequest } from '../commands/prices.ts';
import { UsageError } from '../errors.ts';
import { optional, patternsIn } from './flag-values.ts';
import type { PricesFlags } from './prices-options.ts';
import { instanceFlags } from './prices-options.ts';
import type { FlagText } from './value-syntax.ts';
import { parseName, parseNonNegative } from './value-syntax.ts';

/** What is written on the command line, where words have no humps. */
const partNames = {
  instances: 'instances',
  processors: 'processors',
  accelerators: 'accelerators',
  tokens: 'tokenPrices',
  grids: 'grids',
} as const satisfies Readonly<Record<string, PricesRequest['query']['part']>>;
const namesOfParts = ['instances', 'processors', 'accelerators', 'tokens', 'grids'] as const;

/** What `infer cost prices` is asked for. Throws UsageError for values that are none, and for filters of another part. */
export function readPricesRequest(part: string | undefined, flags: PricesFlags): PricesRequest {
  const known = part === undefined ? 'instances' : partNames[parseName({ flag: 'PART', text: part }, namesOfParts)];
  checkConflicts(known, flags);
  return {
    query: {
      part: known,
      names: patternsIn(flags.name),
      filter: {
        instances: patternsIn(flags.instance),
        clouds: patternsIn(flags.cloud),
        regions: patternsIn(flags.region),
      },
      architecture: flags.arch ?? null,
      accelerator: flags.accelerator ?? null,
      vcpus: optional(flags.vcpus, (text) => parseSpan({ flag: '--vcpus', text })),
      mostUsdPerHour: optional(flags.maxPrice, (text) => parseNonNegative({ flag: '--max-price', text })),
      order: flags.sort,
    },
    pricePaths: flags.prices ?? [],
  };
}

function checkConflicts(part: PricesRequest['query']['part'], flags: PricesFlags): void {
  if (part === 'instances') {
    if (flags.name === undefined) return;
    throw new UsageError('flags-conflict', { flag: '--name', other: part, problem: '--instance names these' });
  }
  const given = Object.entries(instanceFlags).find(([option]) => Reflect.get(flags, option) !== undefined);
  if (given === undefined) return;
  throw new UsageError('flags-conflict', { flag: given[1], other: part, problem: 'it chooses machines' });
}

/** `8`, `4-16`, `32-` or `-4`, both ends included. */
function parseSpan({ flag, text }: FlagText): { readonly low: number; readonly high: number } {
  const [, from, dash, to] = /^(\d+)?(-)?(\d+)?$/.exec(text.trim()) ?? [];
  const low = Number(from ?? 0);
  const high = dash === undefined ? low : Number(to ?? Number.MAX_SAFE_INTEGER);
  if ((from === undefined && to === undefined) || (dash === undefined && to !== undefined) || low > high)
    throw new UsageError('bad-value', { flag, value: text, expected: 'a number of vCPUs such as 8, 4-16 or 32-' });
  return { low, high };
}
