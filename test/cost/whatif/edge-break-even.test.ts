import { describe, expect, it } from 'vitest';
import { edgeBreakEven } from '../../../src/cost/whatif/edge-break-even.ts';
import { exact, sketchOption } from './sketch-option.ts';

const device = { deviceUsd: 249, watts: 15, years: 3, usdPerKwh: 0.3 };
/** $249 over 36 months, and 10.95 kWh a month. */
const monthly = 249 / 36 + 10.95 * 0.3;

describe('edgeBreakEven', () => {
  it('is where the cloud costs a month of the device and its energy', () => {
    const option = sketchOption({ usdPerMillion: { value: 0.5, low: 0.4, high: 0.8 } });
    const found = edgeBreakEven({ device, cloud: { index: 3, option }, deviceItemsPerSecond: 20 });
    expect(found).toMatchObject({ ...device, option: 3, cloudUsdPerMillion: option.usdPerMillion });
    expect(found.deviceUsdPerMonth).toBeCloseTo(monthly, 12);
    expect(found.requestsPerMonth?.value).toBeCloseTo((monthly / 0.5) * 1e6, 3);
    expect(found.requestsPerMonth?.low).toBeCloseTo((monthly / 0.8) * 1e6, 3);
    expect(found.requestsPerMonth?.high).toBeCloseTo((monthly / 0.4) * 1e6, 3);
    expect(found.capacityPerMonth).toBe(20 * 730 * 3600);
  });

  it('has no interval without one of the cloud, and no capacity where no device was measured', () => {
    const option = sketchOption({ usdPerMillion: { value: 0.5, low: null, high: null } });
    const found = edgeBreakEven({ device, cloud: { index: 0, option }, deviceItemsPerSecond: null });
    expect(found.requestsPerMonth).toMatchObject({ low: null, high: null });
    expect(found.capacityPerMonth).toBeNull();
  });

  it('is never beside a cloud that costs nothing', () => {
    const option = sketchOption({ usdPerMillion: exact(0) });
    const found = edgeBreakEven({ device, cloud: { index: 0, option }, deviceItemsPerSecond: null });
    expect(found.requestsPerMonth).toBeNull();
  });
});
