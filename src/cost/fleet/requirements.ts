import { UsageError } from '../../errors.ts';
import type { CostOption } from '../cost-result.ts';
import type { CostSettings } from '../cost-settings.ts';
import type { MeasuredCurve } from './measured-curve.ts';
import { mostMachines } from './why-not.ts';

/** Nothing is told of batches beyond those that were measured. */
export function requireMeasuredBatch(curves: readonly MeasuredCurve[], batch: number | null): void {
  if (batch === null) return;
  const largest = Math.min(...curves.map(({ curve }) => curve.largestBatch));
  if (batch <= largest) return;
  const expected = `a batch of 1 to ${largest}, the largest that was measured of every model`;
  throw new UsageError('bad-value', { flag: '--batch', value: String(batch), expected });
}

/** What no machine can do is a mistake in the question rather than a ranking. */
export function requireReachable(options: readonly CostOption[], settings: CostSettings): void {
  const { objective, load } = settings;
  const [first] = options;
  if (first === undefined) return;
  const codes = new Set(options.map(({ obstacle }) => obstacle?.code ?? null));
  if (codes.size > 1) return;
  if (codes.has('cost-objective-below-service') && objective !== null) {
    const alone = options.map(({ obstacle, instance }) => ({
      instance,
      aloneMs: Number(obstacle?.details['aloneMs']),
    }));
    const fastest = alone.reduce((best, each) => (each.aloneMs < best.aloneMs ? each : best));
    throw new UsageError('cost-objective-unreachable', { ...objective, ...fastest });
  }
  if (codes.has('cost-overload') && load !== null) {
    const perSecond = load.peakPerSecond * (1 - load.cacheHit);
    throw new UsageError('cost-load-too-large', { perSecond, machines: mostMachines });
  }
}
