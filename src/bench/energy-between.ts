import type { EnergyCounter } from '../runtime/noise-counters.ts';
import { logInterval } from '../stats/log-interval.ts';
import type { Point, Round } from './bench-result.ts';

/** Energy of all packages between two readings; null unless both readings have the same packages. */
export function joulesBetween(
  before: readonly EnergyCounter[] | undefined,
  after: readonly EnergyCounter[] | undefined,
): number | null {
  if (before === undefined || after === undefined || before.length !== after.length) return null;
  let microjoules = 0;
  for (const [index, from] of before.entries()) {
    const to = after[index];
    if (to === undefined || to.name !== from.name) return null;
    const difference = to.microjoules - from.microjoules;
    // Once around at most: a range lasts minutes at the highest power, a block seconds.
    microjoules += difference < 0 ? difference + from.rangeMicrojoules : difference;
  }
  return microjoules / 1e6;
}

/** Energy of a point from its blocks; of a part of them it would not be that of the point. */
export function cpuEnergyOf(rounds: readonly Round[], batch: number | null): Pick<Point, 'cpuEnergy'> {
  const joules = rounds.flatMap(({ cpuJoulesPerRun }) => cpuJoulesPerRun ?? []);
  if (joules.length === 0 || joules.length < rounds.length || joules.some((joule) => joule <= 0)) return {};
  const joulesPerItem = logInterval(joules.map((joule) => joule / (batch ?? 1)));
  return { cpuEnergy: { joulesPerRun: logInterval(joules), joulesPerItem } };
}
