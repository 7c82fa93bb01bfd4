import { purchases } from '../commands/cost-vocabulary.ts';
import type { CostSettings } from '../cost/cost-settings.ts';
import type { Purchase } from '../cost/vocabulary.ts';
import { UsageError } from '../errors.ts';
import type { CostFlags } from './cost-options.ts';
import { parseInterruptions, parseNumbers, parsePart, parsePricePerHour } from './cost-syntax.ts';
import { optional, patternsIn } from './flag-values.ts';
import { parseDurationMs, parseName } from './value-syntax.ts';

type Purchasing = Pick<CostSettings, 'purchases' | 'reservedDiscount' | 'spot' | 'ownUsdPerHour' | 'serverless'>;

/** How capacity may be bought, and on what terms. Throws UsageError. */
export function readPurchases(flags: CostFlags): Purchasing {
  const expected = 'US dollars a GB-second and a request, such as 0.0000166667,0.0000002';
  const serverless = optional(flags.serverless, (text) => parseNumbers({ flag: '--serverless', text }, 2, expected));
  const [usdPerGbSecond = 0, usdPerRequest = 0] = serverless ?? [];
  if (serverless !== null && usdPerGbSecond === 0)
    throw new UsageError('bad-value', { flag: '--serverless', value: flags.serverless ?? '', expected });
  const terms = {
    reservedDiscount: optional(flags.reservedDiscount, (text) => parseDiscount({ flag: '--reserved-discount', text })),
    ownUsdPerHour: optional(flags.price, (text) => parsePricePerHour({ flag: '--price', text })),
    serverless: serverless === null ? null : { usdPerGbSecond, usdPerRequest },
  };
  return { ...terms, purchases: purchasesOf(flags, terms), spot: spotOf(flags) };
}

function spotOf({ spotFallback, spotInterruptions, spotLost }: CostFlags): Purchasing['spot'] {
  const perHour = optional(spotInterruptions, (text) => parseInterruptions({ flag: '--spot-interruptions', text }));
  const lostSeconds = parseDurationMs({ flag: '--spot-lost', text: spotLost }) / 1000;
  // A machine that is taken back before it has come up never serves.
  if (((perHour ?? 0) * lostSeconds) / 3600 >= 1)
    throw new UsageError('bad-value', {
      flag: '--spot-interruptions',
      value: spotInterruptions ?? '',
      expected: `rare enough: at ${spotLost} lost to each, nothing is left of an hour`,
    });
  return {
    fallback: parsePart({ flag: '--spot-fallback', text: spotFallback }),
    interruptionsPerHour: perHour,
    lostSeconds,
  };
}

function parseDiscount(flagText: { readonly flag: string; readonly text: string }): number {
  const discount = parsePart(flagText);
  if (discount > 0) return discount;
  throw new UsageError('bad-value', { flag: flagText.flag, value: flagText.text, expected: 'a share such as 35%' });
}

/** All that have a price, unless the user picks some; one that is picked must have one. */
function purchasesOf(
  { purchase }: CostFlags,
  { reservedDiscount, ownUsdPerHour, serverless }: Omit<Purchasing, 'purchases' | 'spot'>,
): readonly Purchase[] {
  const terms: readonly (readonly [Purchase, string, string, boolean])[] = [
    ['reserved', '--reserved-discount', 'what reservations take off, such as 35%', reservedDiscount !== null],
    ['own', '--price', 'what the measured machine costs, such as 0.40/h', ownUsdPerHour !== null],
    ['serverless', '--serverless', 'US dollars a GB-second and a request', serverless !== null],
  ];
  const without = terms.filter(([, , , isGiven]) => !isGiven);
  if (purchase === undefined) return purchases.filter((name) => !without.some(([missing]) => missing === name));
  const chosen = new Set(patternsIn(purchase).map((text) => parseName({ flag: '--purchase', text }, purchases)));
  for (const [name, flag, what] of without)
    if (chosen.has(name)) throw new UsageError('missing-argument', { flag, what });
  return purchases.filter((name) => chosen.has(name));
}
