import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { route } from '../../../src/cost/whatif/route.ts';
import { exact, sketchOption } from './sketch-option.ts';

const option = (usd: number) => sketchOption({ usdPerMillion: exact(usd), usdPerRequest: exact(usd / 1e6) });

function routed(small: number, large: number, escalated: number, escalation = large) {
  return route({
    small: { index: 4, option: option(small) },
    large: { index: 7, option: option(large) },
    escalation: option(escalation),
    escalated,
    requestsPerMonth: 30e6,
  });
}

describe('route', () => {
  it('costs every request the small model and a share of them the large one', () => {
    const found = routed(0.28, 0.8, 0.2);
    expect(found).toMatchObject({ small: 4, large: 7, escalated: 0.2, isWorthwhile: true });
    expect(found.usdPerMillion.value).toBeCloseTo(0.28 + 0.2 * 0.8, 12);
    expect(found.largeUsdPerMillion.value).toBe(0.8);
    expect(found.savingPerMonthUsd?.value).toBeCloseTo(30 * (0.8 - 0.44), 10);
    expect(found.worthwhileBelow).toBeCloseTo(0.65, 12);
  });

  it('is worth it exactly below its threshold', () => {
    const share = fc.double({ min: 0, max: 1, noNaN: true });
    const usd = fc.double({ min: 0.01, max: 10, noNaN: true });
    fc.assert(
      fc.property(usd, usd, share, (small, large, escalated) => {
        const { worthwhileBelow, isWorthwhile } = routed(small, large, escalated);
        fc.pre(Math.abs(escalated - worthwhileBelow) > 1e-9);
        expect(isWorthwhile).toBe(escalated < worthwhileBelow);
      }),
    );
  });

  it('takes the large fleet for the escalated requests alone, whose idle share is larger', () => {
    const found = routed(0.28, 0.8, 0.2, 3);
    expect(found.usdPerMillion.value).toBeCloseTo(0.28 + 0.2 * 3, 12);
    expect(found.isWorthwhile).toBe(false);
    expect(found.savingPerMonthUsd?.value).toBeCloseTo(30 * (0.8 - 0.88), 10);
  });

  it('needs no large fleet where nothing is escalated, and saves nothing a month without a load', () => {
    const found = route({
      small: { index: 0, option: option(0.28) },
      large: { index: 1, option: option(0.8) },
      escalation: sketchOption({ usdPerMillion: { value: 9, low: null, high: null } }),
      escalated: 0,
      requestsPerMonth: null,
    });
    expect(found.usdPerMillion).toEqual(exact(0.28));
    expect(found.savingPerMonthUsd).toBeNull();
  });

  it('is never worth it beside a large model that is free, nor beside one that is cheaper', () => {
    expect(routed(0.28, 0, 0.2)).toMatchObject({ worthwhileBelow: 0, isWorthwhile: false });
    expect(routed(0.8, 0.28, 0)).toMatchObject({ worthwhileBelow: 0, isWorthwhile: false });
  });
});
