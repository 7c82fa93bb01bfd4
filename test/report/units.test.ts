import { describe, expect, it } from 'vitest';
import {
  count,
  formatBytes,
  formatMs,
  formatNumber,
  formatPercent,
  formatPlusMinus,
  formatRatio,
  timeUnitFor,
} from '../../src/report/units.ts';

describe('units', () => {
  it.each([
    [0, '0'],
    [0.012345, '0.0123'],
    [1.2345, '1.23'],
    [9.996, '10.0'],
    [99.96, '100'],
    [1234.5, '1,235'],
    [1234567, '1,234,567'],
    [-0.5, '-0.500'],
    [1.2e-9, '1.20e-9'],
    [Infinity, 'Infinity'],
  ])('formats %d as %s', (value, text) => expect(formatNumber(value)).toBe(text));

  it.each([
    [0.0123, '12.3 µs'],
    [0.25, '0.250 ms'],
    [12.34, '12.3 ms'],
    [999.6, '1.00 s'],
    [1500, '1.50 s'],
    [119_000, '119 s'],
    [120_000, '2 min'],
    [125_400, '2 min 5 s'],
    [179_600, '3 min'],
  ])('formats %d ms as %s', (ms, text) => expect(formatMs(ms)).toBe(text));

  it.each([
    [512, '512 B'],
    [1536, '1.50 KiB'],
    [102_580_019, '97.8 MiB'],
    [1023 * 1024, '0.999 MiB'],
    [8 * 1024 ** 3, '8.00 GiB'],
  ])('formats %d bytes as %s', (bytes, text) => expect(formatBytes(bytes)).toBe(text));

  it('formats shares, ratios and counts', () => {
    expect(formatPercent(0.0123)).toBe('1.2 %');
    expect(formatPercent(0.0996)).toBe('10 %');
    expect(formatPlusMinus(0.084)).toBe('±8.4 %');
    expect(formatRatio(1.234)).toBe('1.23x');
    expect(count(1, 'run')).toBe('1 run');
    expect(count(12_345, 'run')).toBe('12,345 runs');
  });

  it('picks one unit for a column', () => {
    expect(timeUnitFor([0.01, 0.9])).toBe('µs');
    expect(timeUnitFor([0.5, 900])).toBe('ms');
    expect(timeUnitFor([5, 20_000])).toBe('s');
    expect(timeUnitFor([])).toBe('ms');
  });
});
