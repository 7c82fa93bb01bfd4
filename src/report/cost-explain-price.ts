import type { CostOption, CostResult } from '../cost/cost-result.ts';
import { fourDigits } from './cost-words.ts';

/** What an hour of a machine costs, by the way it is bought. */
export function explainPrice(option: CostOption, settings: CostResult['settings']): string {
  const { purchase, usdPerHour, listedUsdPerHour } = option;
  const paid = `$${fourDigits(usdPerHour ?? 0)} an hour`;
  const listed = fourDigits(listedUsdPerHour ?? 0);
  if (purchase === 'spot' && option.spot !== null) return spotText(option.spot, { listed, paid, settings });
  const { reservedDiscount } = settings;
  if (purchase === 'reserved' && reservedDiscount !== null)
    return `P = listed·(1 − discount) = ${listed}·(1 − ${fourDigits(reservedDiscount)}) = ${paid}`;
  return `P = ${paid}, ${purchase === 'own' ? 'as you say' : 'as listed'}`;
}

interface Written {
  readonly listed: string;
  readonly paid: string;
  readonly settings: CostResult['settings'];
}

function spotText(
  { interruptionsPerHour, onDemandUsdPerHour }: NonNullable<CostOption['spot']>,
  { listed, paid, settings: { spotFallback, spotLostSeconds } }: Written,
): string {
  const lost = `${fourDigits(interruptionsPerHour)}·${fourDigits(spotLostSeconds)}/3600`;
  const own = `${listed} / (1 − ${lost})`;
  if (spotFallback === 0) return `P = listed / (1 − k·t/3600) = ${own} = ${paid}, with k interruptions an hour`;
  const [kept, fallback] = [fourDigits(1 - spotFallback), fourDigits(spotFallback)];
  return `P = (1 − f)·listed / (1 − k·t/3600) + f·on-demand = ${kept}·${own} + ${fallback}·${fourDigits(onDemandUsdPerHour)} = ${paid}, with k interruptions an hour`;
}
