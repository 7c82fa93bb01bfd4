import type { Factors, LabeledPoint } from './bench-factors.ts';
import { pointName } from './bench-factors.ts';
import type { Fact } from './fact.ts';
import { formatNumber } from './units.ts';

/** Energy of the processor for an item at each point. */
export function energyFacts(rows: readonly LabeledPoint[], factors: Factors): readonly Fact[] {
  return rows.flatMap((row) => {
    const { cpuEnergy } = row.point;
    if (cpuEnergy === undefined) return [];
    const { value, low, high } = cpuEnergy.joulesPerItem;
    const interval = low === null || high === null ? '' : ` (${millijoules(low)} to ${millijoules(high)})`;
    const text = `${pointName(row, factors)}: ${millijoules(value)} mJ an item${interval}, of the whole processor, idle included`;
    return [{ label: 'CPU energy', text }];
  });
}

function millijoules(joules: number): string {
  return formatNumber(joules * 1000);
}
