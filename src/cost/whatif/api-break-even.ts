import { exactly, scaledInterval } from '../../stats/combined-interval.ts';
import type { Interval } from '../../stats/interval.ts';
import type { TokenPrice } from '../catalog/catalog.ts';
import type { ApiBreakEven, CostCurve, CostOption } from '../cost-result.ts';
import type { CostSettings } from '../cost-settings.ts';
import { apiUsdPerRequest } from './api-price.ts';
import type { ApiCall } from './api-price.ts';
import { fleetBreakEven } from './break-even.ts';
import { isMeant, serves } from './cheapest-option.ts';
import { fleetRules, fleetTerms } from './fleet-terms.ts';
import type { FleetTerms } from './fleet-terms.ts';
import { generatedItems } from './token-items.ts';

export interface ApiComparison {
  readonly price: TokenPrice;
  readonly call: ApiCall;
  /** Ranked. */
  readonly options: readonly CostOption[];
  readonly curves: readonly CostCurve[];
  readonly settings: CostSettings;
}

interface Found {
  readonly option: number;
  readonly selfUsdPerRequest: Interval;
  readonly requestsPerMonth: Interval | null;
  readonly utilization: number | null;
}

/**
 * From how many requests a month on own machines cost less than an API, by the option of which that is the fewest; by
 * the cheapest one where it is none.
 *
 * @returns null where no option serves
 */
export function apiBreakEven(comparison: ApiComparison): ApiBreakEven | null {
  const { price, call } = comparison;
  const usd = apiUsdPerRequest(price, call);
  const tried = comparison.options.flatMap((option, index) =>
    serves(option) && isMeant(option, comparison.curves) ? [foundFor(comparison, { option, index }, usd)] : [],
  );
  const [first] = tried.toSorted((one, other) => requestsOf(one) - requestsOf(other));
  if (first === undefined) return null;
  return {
    model: price.model,
    provider: price.provider,
    ...call,
    priceDate: price.date,
    usdPerMillionInput: price.usdPerMillionInput,
    usdPerMillionOutput: price.usdPerMillionOutput ?? 0,
    usdPerMillionCachedInput: price.usdPerMillionCachedInput ?? price.usdPerMillionInput,
    apiUsdPerRequest: usd,
    ...first,
  };
}

function requestsOf({ requestsPerMonth }: Found): number {
  return requestsPerMonth?.value ?? Number.MAX_VALUE;
}

function foundFor(
  { call, curves, settings }: ApiComparison,
  { option, index }: { readonly option: CostOption; readonly index: number },
  apiUsd: number,
): Found {
  const items = generatedItems(curves[option.curveIndex]?.tokens ?? null);
  const itemsPerRequest =
    items.perCall + items.perInputToken * call.inputTokens + items.perOutputToken * call.outputTokens;
  const rate = scaledInterval(option.itemsPerSecond, 1 / itemsPerRequest);
  const terms = fleetTerms(option, rate, fleetRules(option, settings));
  const reaching = 1 - (settings.load?.cacheHit ?? 0);
  const selfUsdPerRequest = scaledInterval(option.usdPerRequest, itemsPerRequest / reaching);
  return {
    option: index,
    selfUsdPerRequest,
    ...(terms === null ? serverless(selfUsdPerRequest.value <= apiUsd) : ofFleet(terms, apiUsd, reaching)),
  };
}

type BreakEvenFigures = Pick<Found, 'requestsPerMonth' | 'utilization'>;

/** Paid by the request like the API, so cheaper from the first one on, or never. */
function serverless(isCheaper: boolean): BreakEvenFigures {
  return { requestsPerMonth: isCheaper ? exactly(0) : null, utilization: null };
}

/** @param reaching share of requests that no cache answers: it saves an API as much as a fleet, and only counts them up */
function ofFleet(terms: FleetTerms, apiUsd: number, reaching: number): BreakEvenFigures {
  const { value, low, high } = terms.busyRequestsPerReplica;
  const at = (replica: number | null) => (replica === null ? null : fleetBreakEven(terms, replica, apiUsd));
  const found = at(value);
  if (found === null) return { requestsPerMonth: null, utilization: null };
  // The faster the replicas, the fewer machines, the sooner they pay.
  const soonest = at(high);
  const latest = at(low);
  return {
    requestsPerMonth: {
      value: found.requestsPerMonth / reaching,
      low: soonest && soonest.requestsPerMonth / reaching,
      high: latest && latest.requestsPerMonth / reaching,
    },
    utilization: found.requestsPerMonth / (found.machines * terms.replicasPerMachine * value),
  };
}
