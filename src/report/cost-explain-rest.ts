import { servedOf } from './cost-explain-fleet.ts';
import type { Explained } from './cost-explain-times.ts';
import { exactText, fourDigits, moneyText } from './cost-words.ts';
import type { Fact } from './fact.ts';
import type { Estimate } from '../result/envelope.ts';
import { derivedText, intervalText, valueText } from './interval-digits.ts';
import { count } from './units.ts';

/** What tokens cost: a second of reading as much as one of writing. */
export function tokenFacts(explained: Explained): readonly Fact[] {
  const { option, curve } = explained;
  if (curve.tokens === null) return [];
  const { inputPerSecond, outputPerSecond } = curve.tokens;
  return [
    ...tokenFact(explained, { what: 'in', rate: inputPerSecond, usd: option.usdPerMillionInputTokens }),
    ...tokenFact(explained, { what: 'out', rate: outputPerSecond, usd: option.usdPerMillionOutputTokens }),
  ];
}

interface TokenFigures {
  readonly what: 'in' | 'out';
  readonly rate: Estimate | null;
  readonly usd: Estimate | null;
}

function tokenFact({ option }: Explained, { what, rate, usd }: TokenFigures): readonly Fact[] {
  if (rate === null || usd === null) return [];
  const { usdPerHour, replicasPerMachine, utilization, projection } = option;
  const range = projection === null ? null : { ...projection, value: projection.factor };
  const [name, factor] = range === null ? ['', ''] : ['/f', `/${valueText(range)}`];
  const numbers = `${fourDigits(usdPerHour ?? 0)} / 3600 / (${valueText(rate)}·${replicasPerMachine}·${fourDigits(utilization)}${factor})·1e6`;
  const text = `P / 3600 / (tokens/s·R·u${name})·1e6 = ${numbers} = ${moneyText(usd)} per million`;
  return [{ label: `Tokens ${what}`, text }];
}

/** How latencies were come by. */
export function latencyFacts(explained: Explained): readonly Fact[] {
  const { latencyMs, batch, queueDelayMs, meetsSlo } = explained.option;
  if (latencyMs === null) return [];
  const { requestsSimulated, seed } = explained.settings;
  const figures = `mean ${intervalText(latencyMs.meanMs)}, p50 ${intervalText(latencyMs.p50Ms)}, p99 ${intervalText(latencyMs.p99Ms)} ms`;
  const batches = `batches of up to ${batch}, which wait at most ${exactText(queueDelayMs)} ms to fill`;
  const how =
    latencyMs.method === 'simulated'
      ? `a simulation of ${count(requestsSimulated, 'request')} by discrete events (seed ${seed}), intervals by batch means and the curve`
      : 'closed forms: Inoue’s bound with batches, Allen and Cunneen without; percentiles by two full service times and an exponential tail';
  const chosen = meetsSlo === null ? '' : '; batch and wait are the cheapest that meet the objective';
  return [{ label: 'Latency', text: `${figures}, with ${batches}, by ${how}${chosen}` }];
}

/** At the wall of the data center; as uncertain as the throughput is, for watts are listed and not measured. */
export function energyFacts(explained: Explained): readonly Fact[] {
  const { energy, itemsPerSecond, utilization } = explained.option;
  if (energy === null) return [];
  const { wattsPerMachine, idleWatts, fullWatts, kwhPerMillion, gramsPerMillion, gramsPerKwh } = energy;
  const served = servedOf(explained);
  const [name, rate] =
    served === null
      ? ['X·u', itemsPerSecond.value * utilization]
      : ['λ/M', served.load.meanPerSecond / served.machines.value];
  const written = (value: number): string => derivedText(value, itemsPerSecond);
  const watts = `W = ${fourDigits(wattsPerMachine)} W of a machine, between ${fourDigits(idleWatts)} idle and ${fourDigits(fullWatts)} busy`;
  const numbers = `${fourDigits(wattsPerMachine)}·${fourDigits(explained.settings.powerUsageEffectiveness)}·1e6 / (3.6e6·${written(rate)})`;
  const kwh = `W·PUE·1e6 / (3.6e6·${name}) = ${numbers} = ${written(kwhPerMillion)} kWh per million`;
  const energyFact = { label: 'Energy', text: `${watts}; ${kwh}` };
  if (gramsPerMillion === null || gramsPerKwh === null) return [energyFact];
  const grams = `${written(kwhPerMillion)}·${fourDigits(gramsPerKwh)} = ${written(gramsPerMillion)}`;
  return [energyFact, { label: 'Carbon', text: `kWh·g/kWh = ${grams} g CO2e per million` }];
}
