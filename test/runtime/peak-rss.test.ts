import { describe, expect, it } from 'vitest';
import { parsePeakRssBytes, readPeakRssBytes } from '../../src/runtime/peak-rss.ts';

describe('peak resident memory', () => {
  it('reads VmHWM in kB', () => {
    expect(parsePeakRssBytes('Name:\tnode\nVmPeak:\t  999 kB\nVmHWM:\t   1234 kB\nVmRSS:\t 1 kB\n')).toBe(1234 * 1024);
  });

  it('is null without the line', () => {
    expect(parsePeakRssBytes('')).toBeNull();
  });

  it('is at least what the process holds now', () => {
    expect(readPeakRssBytes()).toBeGreaterThanOrEqual(process.memoryUsage().rss * 0.9);
  });
});
