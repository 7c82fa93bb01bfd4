import { describe, expect, it } from 'vitest';
import { readEnergy } from '../../../src/runtime/hardware/read-energy.ts';
import { playedMachine } from './played-machine.ts';

const zone = (index: number, name: string, energy?: string) => ({
  [`/sys/class/powercap/intel-rapl:${index}/name`]: `${name}\n`,
  [`/sys/class/powercap/intel-rapl:${index}/max_energy_range_uj`]: '262143328850\n',
  ...(energy !== undefined && { [`/sys/class/powercap/intel-rapl:${index}/energy_uj`]: `${energy}\n` }),
});
const read = (files: Readonly<Record<string, string>>) => readEnergy(playedMachine(files).readText);

describe('readEnergy', () => {
  it('reads packages, and leaves out the platform that holds them', () => {
    const files = { ...zone(0, 'package-0', '123'), ...zone(1, 'psys', '999'), ...zone(2, 'package-1', '456') };
    expect(read(files)).toEqual([
      { name: 'package-0', microjoules: 123, rangeMicrojoules: 262_143_328_850 },
      { name: 'package-1', microjoules: 456, rangeMicrojoules: 262_143_328_850 },
    ]);
  });

  it('has nothing where root alone may read it, or there is no such thing', () => {
    expect(read(zone(0, 'package-0'))).toEqual([]);
    expect(read({})).toEqual([]);
    expect(read(zone(0, 'package-0', 'n/a'))).toEqual([]);
  });
});
