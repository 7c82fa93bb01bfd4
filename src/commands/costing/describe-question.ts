import type { CostResult } from '../../cost/cost-result.ts';
import type { CostSettings } from '../../cost/cost-settings.ts';
import { squaredVariation } from '../../cost/fleet/closed-form-times.ts';
import { hoursPerMonth } from '../../cost/vocabulary.ts';

type Question = Pick<CostResult, 'load' | 'objective' | 'settings'>;

/** What was asked for, as the result tells it. */
export function describeQuestion(settings: CostSettings): Question {
  const { objective, spot, simulate } = settings;
  return {
    load: describeLoad(settings),
    objective: objective === null ? null : { ...objective },
    settings: {
      seed: settings.seed,
      hoursPerMonth,
      targetUtilization: settings.targetUtilization,
      balancing: settings.balancing,
      minReplicas: settings.minReplicas,
      spareReplicas: settings.spareReplicas,
      reservedDiscount: settings.reservedDiscount,
      spotFallback: spot.fallback,
      spotLostSeconds: spot.lostSeconds,
      powerUsageEffectiveness: settings.powerUsageEffectiveness,
      gramsPerKwh: settings.gramsPerKwh,
      simulated: simulate,
      requestsSimulated: settings.requestsSimulated,
      serverless: settings.serverless === null ? null : { ...settings.serverless },
    },
  };
}

function describeLoad({ load }: CostSettings): Question['load'] {
  if (load === null) return null;
  const { meanPerSecond, peakPerSecond, requestsPerMonth, hourly, arrivals, cacheHit } = load;
  return {
    meanPerSecond,
    peakPerSecond,
    requestsPerMonth,
    hourly: hourly === null ? null : [...hourly],
    arrivals: arrivals.kind,
    variation: Math.sqrt(squaredVariation(arrivals)),
    cacheHit,
  };
}
