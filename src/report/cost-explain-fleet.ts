import type { CostOption, CostResult } from '../cost/cost-result.ts';
import type { Explained } from './cost-explain-times.ts';
import { fourDigits, moneyText, shareText, wholeText } from './cost-words.ts';
import type { Fact } from './fact.ts';
import { derivedText, valueText } from './interval-digits.ts';
import { formatMs } from './units.ts';

/** A load and the fleet for it. */
export interface Served {
  readonly load: NonNullable<CostResult['load']>;
  readonly machines: NonNullable<CostOption['machines']>;
  readonly replicas: NonNullable<CostOption['replicas']>;
}

/** Null without a load, and without servers. */
export function servedOf({ option: { machines, replicas }, load }: Explained): Served | null {
  return load === null || machines === null || replicas === null ? null : { load, machines, replicas };
}

/** How many replicas and machines, and what share of them is used. */
export function fleetFacts(explained: Explained): readonly Fact[] {
  const served = servedOf(explained);
  const { option } = explained;
  if (served === null) return [{ label: 'Utilization', text: `u = ${fourDigits(option.utilization)}, without a load` }];
  const { load, machines, replicas } = served;
  const { itemsPerSecond, replicasPerMachine, utilization } = option;
  const used = `${fourDigits(load.meanPerSecond)}·${fourDigits(1 - load.cacheHit)} / (${fourDigits(machines.value)}·${valueText(itemsPerSecond)})`;
  return [
    { label: 'Replicas', text: replicasText(explained, served) },
    {
      label: 'Machines',
      text: `M = N/R = ${fourDigits(replicas.value)}/${replicasPerMachine} = ${wholeText(machines)}`,
    },
    { label: 'Utilization', text: `u = λ·(1 − h) / (M·X) = ${used} = ${derivedText(utilization, itemsPerSecond)}` },
  ];
}

function replicasText({ option, settings }: Explained, { load, replicas }: Served): string {
  const { itemsPerSecond, replicasPerMachine, meetsSlo, latencyMs } = option;
  const { targetUtilization, minReplicas, spareReplicas } = settings;
  const each = itemsPerSecond.value / replicasPerMachine;
  const reaching = load.peakPerSecond * (1 - load.cacheHit);
  const needed = Math.ceil(reaching / (each * targetUtilization));
  const numbers = `⌈${fourDigits(load.peakPerSecond)}·${fourDigits(1 - load.cacheHit)} / (${derivedText(each, itemsPerSecond)}·${fourDigits(targetUtilization)})⌉`;
  const objective =
    meetsSlo === null || latencyMs === null ? '' : ` and the objective, at ${formatMs(latencyMs.objectiveMs.value)},`;
  const rest = `with at least ${minReplicas}, ${spareReplicas} to spare, whole machines${objective} it is ${fourDigits(replicas.value)}`;
  return `N = ⌈λ_peak·(1 − h) / (X/R·u_most)⌉ = ${numbers} = ${fourDigits(needed)} for the load; ${rest}`;
}

/** What a million requests cost, and why. */
export function costFact(explained: Explained): Fact {
  const { usdPerHour, usdPerMillion, utilization, itemsPerSecond } = explained.option;
  const price = fourDigits(usdPerHour ?? 0);
  const served = servedOf(explained);
  const text =
    served === null
      ? `P / 3600 / (X·u)·1e6 = ${price} / 3600 / (${valueText(itemsPerSecond)}·${fourDigits(utilization)})·1e6`
      : `M·P / 3600 / λ·1e6 = ${fourDigits(served.machines.value)}·${price} / 3600 / ${fourDigits(served.load.meanPerSecond)}·1e6`;
  return { label: 'Cost', text: `${text} = ${moneyText(usdPerMillion)} per million, idle time included` };
}

/** What would be paid if nothing were idle: the rest is for idle time. */
export function busyFact({ option, load }: Explained): Fact {
  const { usdPerHour, busyUsdPerMillion, usdPerMillion, itemsPerSecond } = option;
  const hit = load?.cacheHit ?? 0;
  const [name, reaching] = hit === 0 ? ['', ''] : ['·(1 − h)', `·${fourDigits(1 - hit)}`];
  const numbers = `${fourDigits(usdPerHour ?? 0)} / 3600 / ${valueText(itemsPerSecond)}·1e6${reaching}`;
  const idle = shareText(1 - busyUsdPerMillion / usdPerMillion.value);
  return {
    label: 'If all busy',
    text: `P / 3600 / X·1e6${name} = ${numbers} = $${derivedText(busyUsdPerMillion, itemsPerSecond)} per million; ${idle} of the cost is for idle time`,
  };
}

export function monthFacts(explained: Explained): readonly Fact[] {
  const served = servedOf(explained);
  const { option, settings } = explained;
  if (served === null || option.monthlyUsd === null) return [];
  const numbers = `${fourDigits(served.machines.value)}·${fourDigits(option.usdPerHour ?? 0)}·${settings.hoursPerMonth}`;
  return [{ label: 'Month', text: `M·P·${settings.hoursPerMonth} = ${numbers} = ${moneyText(option.monthlyUsd)}` }];
}
