import { describe, expect, it } from 'vitest';
import { estimateText, limitText } from '../../src/report/estimate-text.ts';

describe('estimateText', () => {
  it.each([
    [{ value: 0.75, low: 0.5313, high: 0.8881 }, 'percent', '75.0 % [53.1, 88.8]'],
    [{ value: 0.9812, low: 0.9721, high: 0.9874 }, 'percent', '98.12 % [97.21, 98.74]'],
    [{ value: 1, low: 1, high: 1 }, 'percent', '100 % [100, 100]'],
    [{ value: 0.99812345, low: 0.99812, high: 0.998126 }, 'percent', '99.8123 % [99.8120, 99.8126]'],
    [{ value: 34.5432, low: 33.1, high: 36.02 }, 'dB', '34.5 dB [33.1, 36.0]'],
    [{ value: 12345.678, low: 12000, high: 12700 }, 'plain', '12,346 [12,000, 12,700]'],
    [{ value: 0.0123456, low: 0.0101, high: 0.0149 }, 'plain', '0.0123 [0.0101, 0.0149]'],
    [{ value: 3.14159, low: null, high: null }, 'plain', '3.14'],
    [{ value: -0.00001, low: -0.02, high: 0.02 }, 'points', '0.0 pt [−2.0, 2.0]'],
    [null, 'percent', '-'],
  ] as const)('%j in %s is %s', (estimate, unit, text) => expect(estimateText(estimate, unit)).toBe(text));

  it('gives differences a sign', () => {
    const signed = (value: number) =>
      estimateText({ value, low: value - 0.01, high: value + 0.01 }, 'points', { signed: true });
    expect(signed(0.014)).toBe('+1.4 pt [0.4, 2.4]');
    expect(signed(-0.014)).toBe('−1.4 pt [−2.4, −0.4]');
    expect(signed(0)).toBe('0.0 pt [−1.0, 1.0]');
  });
});

describe('limitText', () => {
  it.each([
    [0.005, 'points', '0.5 pt'],
    [0.01, 'percent', '1 %'],
    [30, 'dB', '30 dB'],
    [0.1 + 0.2, 'plain', '0.3'],
  ] as const)('%f in %s is %s', (value, unit, text) => expect(limitText(value, unit)).toBe(text));
});
