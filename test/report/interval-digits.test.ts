import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { derivedText, intervalText, scaledBy, valueText } from '../../src/report/interval-digits.ts';

const between = (value: number, low: number | null, high: number | null) => ({ value, low, high });

describe('intervalText', () => {
  it.each([
    [between(0.27891, 0.27612, 0.28234), '0.2789 [0.2761, 0.2823]'],
    [between(0.27891, 0.1401, 0.5587), '0.28 [0.14, 0.56]'],
    [between(1234.5, 617, 2469), '1,230 [620, 2,470]'],
    [between(1234.5, 1233, 1236), '1,235 [1,233, 1,236]'],
    [between(98_765_432, 50_000_000, 200_000_000), '99,000,000 [50,000,000, 200,000,000]'],
    [between(-12.3, -14.1, -10.4), '−12.3 [−14.1, −10.4]'],
    [between(-0.2, -3, 3), '−0.2 [−3.0, 3.0]'],
    [between(-0.02, -3, 3), '0.0 [−3.0, 3.0]'],
    [between(2.789e-9, 2.7e-9, 2.9e-9), '2.79e-9 [2.70e-9, 2.90e-9]'],
    [between(0, 0, 0), '0'],
    [between(129.21, 129.21, 129.21), '129'],
    [between(0.5, null, null), '0.500'],
    [between(0.006_718, 0.006_718, null), '0.0067 [0.0067, ∞]'],
    [between(1234, null, 2469), '1,200 [?, 2,500]'],
    [between(0, 0, null), '0 [0, ∞]'],
  ])('of %j is %s', (estimate, text) => expect(intervalText(estimate)).toBe(text));

  /** Digits from the first to the last one that is written, for whole numbers without zeros at their end. */
  const digitsIn = (text: string): number => {
    const digits = text.replace(/e.*$/, '').replaceAll(/[−,]/g, '');
    return (digits.includes('.') ? digits.replace('.', '') : digits.replace(/0+$/, '')).replace(/^0+/, '').length;
  };

  it('never writes a digit that is finer than a hundredth of the half-width, nor more than is needed', () => {
    const sizes = fc.double({ min: -6, max: 9, noNaN: true }).map((exponent) => 10 ** exponent);
    const spreads = fc.double({ min: 0.001, max: 4, noNaN: true });
    fc.assert(
      fc.property(sizes, spreads, (value, spread) => {
        const estimate = between(value, value / (1 + spread), value * (1 + spread));
        const text = valueText(estimate);
        const halfWidth = (estimate.high ?? 0) - (estimate.low ?? 0);
        const written = Number(text.replaceAll(',', ''));
        expect(Math.abs(written - value)).toBeLessThanOrEqual(Math.max(halfWidth / 20, value * 0.0005) * 1.000001);
        const allowed = 2 + Math.floor(Math.log10(value)) - Math.floor(Math.log10(halfWidth / 2));
        expect(digitsIn(text)).toBeLessThanOrEqual(Math.max(1, allowed) + 1);
      }),
    );
  });
});

describe('valueText', () => {
  it.each([
    [between(1234.5, 617, 2469), '1,230'],
    [between(1234.5, 617, null), '1,200'],
    [between(1234.5, null, null), '1,235'],
  ])('of %j is %s', (estimate, text) => expect(valueText(estimate)).toBe(text));
});

describe('derivedText', () => {
  it('has as many digits as what it follows from', () => {
    expect(derivedText(0.5612, between(0.27891, 0.14, 0.56))).toBe('0.56');
    expect(derivedText(56.12, between(0.27891, 0.14, 0.56))).toBe('56');
    expect(derivedText(5612, between(0.27891, 0.14, 0.56))).toBe('5,600');
    expect(derivedText(-56.12, between(0.27891, 0.14, 0.56))).toBe('−56');
    expect(derivedText(56.12, between(0.27891, null, null))).toBe('56.1');
    expect(derivedText(56.12, between(0, -1, 1))).toBe('56.1');
  });
});

describe('scaledBy', () => {
  it('is another unit', () => {
    expect(scaledBy(between(2, 1, 4), 1000)).toEqual(between(2000, 1000, 4000));
    expect(scaledBy(between(2, null, null), 10)).toEqual(between(20, null, null));
  });
});
