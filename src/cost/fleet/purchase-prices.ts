import { exactly } from '../../stats/combined-interval.ts';
import type { Interval } from '../../stats/interval.ts';
import type { InstanceType, SpotPrice } from '../catalog/catalog.ts';
import type { CostOption } from '../cost-result.ts';
import type { CostSettings } from '../cost-settings.ts';
import { hoursPerMonth } from '../vocabulary.ts';
import type { CatalogFlag, Purchase } from '../vocabulary.ts';

/** What an hour of one machine costs, bought in one way. */
export interface MachinePrice {
  readonly purchase: Purchase;
  /** As listed, USD. */
  readonly listedUsdPerHour: number;
  /** As paid in the end, after interruptions, fallback and discount, USD; the interval is that of the interruptions. */
  readonly usdPerHour: Interval;
  /** What a spot price was made of; null for other purchases. */
  readonly spot: CostOption['spot'];
  readonly date: string | null;
  readonly flags: readonly CatalogFlag[];
}

/** No machine survives a month at an interruption of 1, which would make its hours worth nothing: almost all are taken. */
const mostInterrupted = 0.999;

/** Every way of the settings in which a machine of the catalog can be bought by the hour. */
export function purchasePrices(instance: InstanceType, settings: CostSettings): readonly MachinePrice[] {
  const { onDemand, spot } = instance;
  const prices: MachinePrice[] = [];
  const listed = {
    spot: null,
    listedUsdPerHour: onDemand.usdPerHour,
    date: onDemand.date,
    flags: onDemandFlags(instance),
  };
  for (const purchase of settings.purchases) {
    if (purchase === 'on-demand') prices.push({ ...listed, purchase, usdPerHour: exactly(onDemand.usdPerHour) });
    if (purchase === 'reserved' && settings.reservedDiscount !== null) {
      const usdPerHour = exactly(onDemand.usdPerHour * (1 - settings.reservedDiscount));
      prices.push({ ...listed, purchase, usdPerHour });
    }
    const spotPrice = purchase === 'spot' && spot !== null ? spotMachinePrice(instance, spot, settings) : null;
    // Where interruptions take all of the time, there is nothing to sell.
    if (spotPrice !== null && Number.isFinite(spotPrice.usdPerHour.value)) prices.push(spotPrice);
  }
  return prices;
}

function spotMachinePrice(instance: InstanceType, spot: SpotPrice, settings: CostSettings): MachinePrice {
  const { fallback } = settings.spot;
  const price = (perHour: number): number =>
    (1 - fallback) * effectiveSpotPrice(spot.usdPerHour, perHour, settings.spot.lostSeconds) +
    fallback * instance.onDemand.usdPerHour;
  const interruptions = interruptionsPerHour(spot, settings);
  const high = price(interruptions.high);
  return {
    purchase: 'spot',
    listedUsdPerHour: spot.usdPerHour,
    usdPerHour: {
      value: price(interruptions.value),
      low: price(interruptions.low),
      high: Number.isFinite(high) ? high : null,
    },
    spot: { interruptionsPerHour: interruptions.value, onDemandUsdPerHour: instance.onDemand.usdPerHour },
    date: fallback > 0 ? olderOf(spot.date, instance.onDemand.date) : spot.date,
    flags: spotFlags(instance, spot, fallback),
  };
}

/**
 * What an hour of use costs where each interruption loses capacity that is paid for: P / (1 - h·t / 3600), with h
 * interruptions an hour and t seconds lost by each.
 */
export function effectiveSpotPrice(usdPerHour: number, perHour: number, lostSeconds: number): number {
  const lost = (perHour * lostSeconds) / 3600;
  return lost < 1 ? usdPerHour / (1 - lost) : Number.POSITIVE_INFINITY;
}

/**
 * Interruptions an hour of a machine that is taken back within a month with probability p: -ln(1 - p) / 730, for the
 * middle of the band that the cloud tells and for its ends. Where nobody tells, any share is possible.
 */
function interruptionsPerHour(
  spot: SpotPrice,
  settings: CostSettings,
): { readonly value: number; readonly low: number; readonly high: number } {
  const told = settings.spot.interruptionsPerHour;
  if (told !== null) return { value: told, low: told, high: told };
  const { low, high } = spot.interruption ?? { low: 0, high: 1 };
  return { value: hourlyRate((low + high) / 2), low: hourlyRate(low), high: hourlyRate(high) };
}

function hourlyRate(monthly: number): number {
  return -Math.log1p(-Math.min(monthly, mostInterrupted)) / hoursPerMonth;
}

function onDemandFlags(instance: InstanceType): readonly CatalogFlag[] {
  const kept = instance.flags.filter((flag) => !flag.startsWith('spot-') && flag !== 'undated');
  return instance.onDemand.date === null ? [...kept, 'undated'] : kept;
}

function spotFlags(instance: InstanceType, spot: SpotPrice, fallback: number): readonly CatalogFlag[] {
  const kept = instance.flags.filter((flag) => flag !== 'undated');
  const undated = spot.date === null || (fallback > 0 && instance.onDemand.date === null);
  return undated ? [...kept, 'undated'] : kept;
}

/** An unknown date tells nothing about the other. */
function olderOf(first: string | null, second: string | null): string | null {
  if (first === null || second === null) return first ?? second;
  return first < second ? first : second;
}
