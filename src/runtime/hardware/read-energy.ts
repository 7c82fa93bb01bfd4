import type { EnergyCounter } from '../noise-counters.ts';
import type { ReadText } from './hardware-source.ts';

/** More packages than any board has: what is looked for, as a folder cannot be listed through the source. */
const mostPackages = 16;

/**
 * Energy of each processor package by RAPL, which Intel's driver and AMD's tell at the same place (the kernel's
 * power/powercap). Empty where there is none or, as on most systems, root alone may read it.
 */
export function readEnergy(readText: ReadText): readonly EnergyCounter[] {
  const counters: EnergyCounter[] = [];
  for (let index = 0; index < mostPackages; index += 1) {
    const folder = `/sys/class/powercap/intel-rapl:${index}`;
    const name = readText(`${folder}/name`)?.trim() ?? null;
    if (name === null) break;
    const microjoules = wholeNumber(readText(`${folder}/energy_uj`));
    const rangeMicrojoules = wholeNumber(readText(`${folder}/max_energy_range_uj`));
    // `psys` is the whole platform and holds the packages: they would be counted twice.
    if (!name.startsWith('package') || microjoules === null || rangeMicrojoules === null) continue;
    counters.push({ name, microjoules, rangeMicrojoules });
  }
  return counters;
}

function wholeNumber(text: string | null): number | null {
  const trimmed = text?.trim() ?? '';
  return /^\d+$/.test(trimmed) ? Number(trimmed) : null;
}
