import { describe, expect, it } from 'vitest';
import type { TokenPrice } from '../../../src/cost/catalog/catalog.ts';
import type { CostOption } from '../../../src/cost/cost-result.ts';
import { apiBreakEven } from '../../../src/cost/whatif/api-break-even.ts';
import { exact, sketchCurve, sketchLoad, sketchOption, sketchSettings } from './sketch-option.ts';

const price: TokenPrice = {
  model: 'gpt-5-mini',
  provider: 'openai',
  mode: 'chat',
  currency: 'USD',
  usdPerMillionInput: 0.25,
  usdPerMillionOutput: 2,
  usdPerMillionCachedInput: 0.025,
  contextTokens: 272_000,
  source: 'a list',
  date: '2026-08-06',
  flags: [],
};
const call = { inputTokens: 1000, outputTokens: 250, cachedShare: 0 };
/** $0.00025 for the tokens in, $0.0005 for those out. */
const apiUsd = 0.000_75;

function compare(options: readonly CostOption[], changes: Partial<Parameters<typeof apiBreakEven>[0]> = {}) {
  return apiBreakEven({ price, call, options, curves: [sketchCurve()], settings: sketchSettings(), ...changes });
}

describe('apiBreakEven', () => {
  it('is where a month of a machine costs what the API does', () => {
    const found = compare([sketchOption()]);
    expect(found?.apiUsdPerRequest).toBeCloseTo(apiUsd, 15);
    expect(found?.requestsPerMonth?.value).toBeCloseTo((0.357 * 730) / apiUsd, 6);
    // 347,480 requests of the 592.593 · 2,628,000 that the machine could answer.
    expect(found?.utilization).toBeCloseTo(347_480 / (592.593 * 2_628_000), 9);
    expect(found).toMatchObject({ model: 'gpt-5-mini', provider: 'openai', priceDate: '2026-08-06', option: 0 });
  });

  it('pays for cached input what the list says, and the full price where it has none', () => {
    const cached = { ...call, cachedShare: 0.8 };
    expect(compare([sketchOption()], { call: cached })?.apiUsdPerRequest).toBeCloseTo(
      (200 * 0.25 + 800 * 0.025 + 250 * 2) / 1e6,
      15,
    );
    const none = compare([sketchOption()], { call: cached, price: { ...price, usdPerMillionCachedInput: null } });
    expect(none?.apiUsdPerRequest).toBeCloseTo(apiUsd, 15);
    expect(none?.usdPerMillionCachedInput).toBe(0.25);
  });

  it('takes the option that pays first, not the one that is cheapest at full load', () => {
    const big = sketchOption({ usdPerHour: 3.57, itemsPerSecond: exact(20_000) });
    const small = sketchOption({ usdPerHour: 0.05, itemsPerSecond: exact(50) });
    expect(compare([big, small])?.option).toBe(1);
  });

  it('looks at no option that misses the objective', () => {
    const late = sketchOption({ usdPerHour: 0.01, meetsSlo: false });
    expect(compare([late, sketchOption()])?.option).toBe(1);
    expect(compare([late])).toBeNull();
  });

  it('is never where the API is cheaper than full machines', () => {
    const slow = sketchOption({ itemsPerSecond: exact(0.1) });
    const found = compare([slow, sketchOption({ itemsPerSecond: exact(0.01) })]);
    expect(found).toMatchObject({ option: 0, requestsPerMonth: null, utilization: null });
  });

  it('has an interval from faster to slower replicas, without an end where slow ones never pay', () => {
    // A full machine of this speed costs 0.9 of the API, at the low end more than it.
    const full = (0.357 / 3600 / apiUsd / 0.6) * (1 / 0.9);
    const found = compare([sketchOption({ itemsPerSecond: { value: full, low: full * 0.8, high: full * 1.5 } })]);
    expect(found?.requestsPerMonth?.high).toBeNull();
    expect(found?.requestsPerMonth?.low).toBeLessThan(found?.requestsPerMonth?.value ?? 0);
    const single = compare([sketchOption({ itemsPerSecond: { value: full, low: null, high: null } })]);
    expect(single?.requestsPerMonth).toEqual({ value: found?.requestsPerMonth?.value, low: null, high: null });
  });

  it('counts requests that a cache answers, for they cost neither anything', () => {
    const settings = sketchSettings({ load: { ...sketchLoad, cacheHit: 0.5 } });
    const found = compare([sketchOption({ usdPerRequest: exact(1e-6) })], { settings });
    expect(found?.requestsPerMonth?.value).toBeCloseTo((0.357 * 730) / apiUsd / 0.5, 6);
    expect(found?.selfUsdPerRequest?.value).toBeCloseTo(2e-6, 18);
    expect(found?.apiUsdPerRequest).toBeCloseTo(apiUsd, 15);
  });

  it('is at once or never without machines', () => {
    const serverless = (usd: number) =>
      sketchOption({ purchase: 'serverless', usdPerHour: null, usdPerRequest: exact(usd) });
    expect(compare([serverless(0.0007)])).toMatchObject({ requestsPerMonth: exact(0), utilization: null });
    expect(compare([serverless(0.0008)])).toMatchObject({ requestsPerMonth: null, utilization: null });
  });

  it('gives a model that writes the time of the tokens of the request', () => {
    // 1,000 in at 5,000/s and 250 out at 50/s are 5.2 s; measured was a token at a time.
    const tokens = { inputPerSecond: exact(5000), outputPerSecond: exact(50), prompt: 0, generated: 1 };
    const option = sketchOption({ itemsPerSecond: exact(50), usdPerRequest: exact(1e-6) });
    const found = compare([option], { curves: [sketchCurve({ tokens })] });
    expect(found?.selfUsdPerRequest?.value).toBeCloseTo(5.2 * 50 * 1e-6, 12);
    const capacity = (0.6 * 2_628_000) / 5.2;
    const paying = (0.357 * 730) / apiUsd;
    // A machine answers fewer than it would have to.
    expect(capacity).toBeLessThan(paying);
    expect(found?.requestsPerMonth).toBeNull();
  });

  it('lets an encoder in place of a chat model answer a request with one run', () => {
    const tokens = { inputPerSecond: exact(5000), outputPerSecond: null, prompt: 128, generated: 0 };
    const found = compare([sketchOption()], { curves: [sketchCurve({ tokens })] });
    expect(found?.requestsPerMonth?.value).toBeCloseTo((0.357 * 730) / apiUsd, 6);
  });
});
