import { describe, expect, it } from 'vitest';
import { cpuMsOf, peakRssOf, readPeakOf } from '../../../src/runtime/browser/browser-usage.ts';

/** As Chromium 156 told of itself after a few runs of a model. */
const processes = [
  { type: 'browser', id: 23632, cpuTime: 1.18 },
  { type: 'renderer', id: 23778, cpuTime: 0.03 },
  { type: 'renderer', id: 23736, cpuTime: 9.89 },
  { type: 'GPU', id: 23688, cpuTime: 24.94 },
  { type: 'network.mojom.NetworkService', id: 23695, cpuTime: 0.2 },
];

describe('what a browser uses', () => {
  it('is the processor time of all of its processes', () => {
    expect(cpuMsOf(processes)).toBeCloseTo(36_240, 6);
    expect(cpuMsOf([])).toBe(0);
  });

  it('is the memory of the page, which is the largest renderer, and of the GPU process', () => {
    const peaks: Readonly<Record<number, number>> = { 23632: 900, 23778: 50, 23736: 400, 23688: 70, 23695: 10 };
    expect(peakRssOf(processes, (pid) => peaks[pid] ?? null)).toBe(470);
    expect(peakRssOf(processes, () => null)).toBeNull();
    expect(peakRssOf([], () => 1)).toBeNull();
  });

  it.runIf(process.platform === 'linux')('is read from the system', () => {
    expect(readPeakOf(process.pid)).toBeGreaterThan(2 ** 20);
    expect(readPeakOf(2 ** 30)).toBeNull();
  });
});
