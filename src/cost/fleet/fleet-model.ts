import type { Interval } from '../../stats/interval.ts';
import { quantileOfSorted } from '../../stats/quantile.ts';
import type { CostSettings } from '../cost-settings.ts';
import { meanRatio } from '../queue/batch-stability.ts';
import type { ServiceCurve } from '../service/service-curve.ts';
import { closedFormTimes } from './closed-form-times.ts';
import { percentileOf, simulatedTimes } from './fleet-times.ts';
import type { FleetCase, CurveTerms, FleetTimes } from './fleet-times.ts';
import { curveFactor } from './intervals.ts';
import { memoized } from './memoized.ts';
import { itemsPerSecond } from './unit-cost.ts';

/** `search`: as many requests as tell the percentile to some percent; `final`: as many as the settings say. */
export type Effort = 'search' | 'final';

/** Requests behind the percentile in a search, after which its standard error is some percent. */
const tailOfSearch = 80;

/** What can be asked of a curve while a fleet is chosen, in its own time. */
export class FleetModel {
  readonly curve: ServiceCurve;
  readonly settings: CostSettings;
  /** Of a request that never waits and is alone in its batch, at the percentile of the objective. */
  readonly aloneMs: number;
  /** How far the true time of a batch may be from the curve's, as a factor. */
  readonly curveFactor: (batch: number) => Interval;
  readonly #slowdown: number;
  readonly #timesOf: (fleet: FleetCase & { readonly requests: number }) => FleetTimes;

  constructor(terms: CurveTerms) {
    const { curve, settings } = terms;
    const percentile = percentileOf(settings);
    this.curve = curve;
    this.settings = settings;
    this.#slowdown = meanRatio(curve.ratios);
    this.aloneMs = curve.msAt(1) * (curve.ratios.length === 0 ? 1 : quantileOfSorted(curve.ratios, percentile / 100));
    this.curveFactor = memoized(String, (batch: number) => curveFactor(curve, batch));
    this.#timesOf = memoized(
      (fleet) => [fleet.batch, fleet.queueDelayMs, fleet.replicas, fleet.perSecond, fleet.requests].join(' '),
      (fleet) => (settings.simulate ? simulatedTimes(terms, fleet) : closedFormTimes(curve, settings, fleet)),
    );
  }

  /** Of one replica that is never idle and always finds a full batch: by mean times, where the curve has medians. */
  itemsPerSecond(batch: number): number {
    return itemsPerSecond(batch, this.curve.msAt(batch) * this.#slowdown);
  }

  timesOf(fleet: FleetCase, effort: Effort): FleetTimes {
    const { requestsSimulated } = this.settings;
    const enough = Math.ceil(tailOfSearch / (1 - percentileOf(this.settings) / 100));
    return this.#timesOf({
      ...fleet,
      requests: effort === 'final' ? requestsSimulated : Math.min(enough, requestsSimulated),
    });
  }
}
