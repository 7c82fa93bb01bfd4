import { dependentSum, exactly, independentDifference, scaledInterval } from '../../stats/combined-interval.ts';
import type { CostOption, Route } from '../cost-result.ts';

export interface RouteInput {
  /** Index and option of the small model, which all requests go to. */
  readonly small: { readonly index: number; readonly option: CostOption };
  /** Of the large model, were all requests to go there. */
  readonly large: { readonly index: number; readonly option: CostOption };
  /**
   * Of the large model for the escalated requests alone: a fleet for a fifth of the load is more than a fifth of the
   * fleet. Without a load the same as `large`.
   */
  readonly escalation: CostOption;
  /** Share of requests that go on to the large model, from 0 to 1. */
  readonly escalated: number;
  /** Of users; null without a load. */
  readonly requestsPerMonth: number | null;
}

/**
 * A cascade: every request goes to the small model, and a share of them on to the large one. It costs c_small + p ·
 * c_large, and pays below p = 1 - c_small / c_large.
 */
export function route({ small, large, escalation, escalated, requestsPerMonth }: RouteInput): Route {
  const smallUsd = small.option.usdPerMillion;
  const largeUsd = large.option.usdPerMillion;
  const escalationUsd = escalated === 0 ? exactly(0) : scaledInterval(escalation.usdPerMillion, escalated);
  const usdPerMillion = dependentSum([smallUsd, escalationUsd]);
  return {
    small: small.index,
    large: large.index,
    escalated,
    usdPerMillion,
    largeUsdPerMillion: largeUsd,
    savingPerMonthUsd:
      requestsPerMonth === null
        ? null
        : scaledInterval(independentDifference(largeUsd, usdPerMillion), requestsPerMonth / 1e6),
    worthwhileBelow: largeUsd.value > 0 ? Math.max(0, 1 - smallUsd.value / largeUsd.value) : 0,
    isWorthwhile: usdPerMillion.value < largeUsd.value,
  };
}
