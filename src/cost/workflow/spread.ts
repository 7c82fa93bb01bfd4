import type { Random } from '../../stats/seeded-random.ts';
import type { Amount, Spread } from './workflow.ts';

/** The standard normal quantile at 0.99. */
const z99 = 2.3263478740408408;

export function meanOf(amount: Amount): number {
  return amount.kind === 'fixed' ? amount.value : amount.mean;
}

/** Draws of what varies: log-normal with the mean and deviation, or the quantiles, that were given. */
export function drawerOf(spread: Spread, random: Random): () => number {
  if (spread.kind === 'fixed') return () => spread.value;
  const { log, deviation } = logNormal(spread);
  return () => Math.exp(log + deviation * random.normal());
}

/** Mean and standard deviation of the logarithm. */
function logNormal(spread: Exclude<Spread, { kind: 'fixed' }>): { readonly log: number; readonly deviation: number } {
  if (spread.kind === 'quantiles')
    return { log: Math.log(spread.p50), deviation: Math.log(spread.p99 / spread.p50) / z99 };
  const variance = Math.log(1 + (spread.deviation / spread.mean) ** 2);
  return { log: Math.log(spread.mean) - variance / 2, deviation: Math.sqrt(variance) };
}
