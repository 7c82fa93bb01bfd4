import { describe, expect, it } from 'vitest';
import { readNoiseCounters, readNoiseLevel } from '../../../src/runtime/hardware/read-noise.ts';
import { dockerV2, playedMachine } from './played-machine.ts';

const busy = {
  ...dockerV2,
  '/proc/pressure/cpu':
    'some avg10=4.11 avg60=2.30 avg300=1.06 total=11556853\nfull avg10=0.00 avg60=0.00 avg300=0.00 total=0\n',
  // A guest's 300 ticks are in user time already.
  '/proc/stat':
    'cpu  5472 10 3349 218872 589 5 72 131 300 0\ncpu0 1995 0 1170 110990 23 0 14 2 0 0\nintr 0\nctxt 5\nbtime 1\n',
  '/proc/cpuinfo': 'processor\t: 0\ncpu MHz\t\t: 2000.000\n\nprocessor\t: 1\ncpu MHz\t\t: 3000.000\n',
};

describe('readNoiseCounters', () => {
  it('gives every total in ms', () => {
    expect(readNoiseCounters(playedMachine(busy))).toEqual({
      atMs: 1234,
      stalledMs: 11556.853,
      stealMs: 1310,
      cpuTotalMs: (5472 + 10 + 3349 + 218872 + 589 + 5 + 72 + 131) * 10,
      throttledPeriods: 37,
      frequencyMhz: 2500,
    });
  });

  it('is null in all that macOS and Windows do not tell', () => {
    expect(readNoiseCounters(playedMachine({}))).toEqual({
      atMs: 1234,
      stalledMs: null,
      stealMs: null,
      cpuTotalMs: null,
      throttledPeriods: null,
      frequencyMhz: null,
    });
  });
});

describe('readNoiseLevel', () => {
  it('gives pressure as a share', () => {
    const level = readNoiseLevel(playedMachine(busy, { loadAverage: 1.5 }));
    expect(level.loadAverage).toBe(1.5);
    expect(level.pressureShare).toBeCloseTo(0.0411, 12);
  });

  it('is null where nothing is told', () => {
    const level = readNoiseLevel(playedMachine({}, { loadAverage: null }));
    expect(level).toEqual({ loadAverage: null, pressureShare: null });
  });
});
