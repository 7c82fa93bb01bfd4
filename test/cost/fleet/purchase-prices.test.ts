import { expect, test } from 'vitest';
import type { InstanceType } from '../../../src/cost/catalog/catalog.ts';
import { effectiveSpotPrice, purchasePrices } from '../../../src/cost/fleet/purchase-prices.ts';
import { instanceOf, settingsOf } from './sketch-curve.ts';

const instance: InstanceType = {
  ...instanceOf('c7i.2xlarge'),
  flags: ['spot-older'],
  onDemand: { usdPerHour: 0.4, source: 'list', date: '2026-07-20' },
  spot: { usdPerHour: 0.1, source: 'spots', date: '2025-06-28', interruption: { low: 0.05, high: 0.1 } },
};
const all = ['on-demand', 'spot', 'reserved', 'own', 'serverless'] as const;

test('a list price, a discount off it, and a spot price after interruptions', () => {
  const prices = purchasePrices(instance, settingsOf({ purchases: all, reservedDiscount: 0.35 }));
  // -ln(1 - 0.075) / 730 = 1.06797e-4 an hour; each loses 300 s: 0.1 / (1 - 8.8997e-6).
  const spot = 0.1 / (1 - ((-Math.log(0.925) / 730) * 300) / 3600);
  expect(prices).toHaveLength(3);
  expect(prices[0]).toMatchObject({ purchase: 'on-demand', date: '2026-07-20', flags: [] });
  expect(prices[0]?.usdPerHour).toEqual({ value: 0.4, low: 0.4, high: 0.4 });
  expect(prices[1]).toMatchObject({
    purchase: 'spot',
    listedUsdPerHour: 0.1,
    date: '2025-06-28',
    flags: ['spot-older'],
  });
  expect(prices[1]?.usdPerHour.value).toBeCloseTo(spot, 12);
  expect(prices[1]?.spot?.interruptionsPerHour).toBeCloseTo(1.06797e-4, 9);
  expect(prices[2]).toMatchObject({ purchase: 'reserved', listedUsdPerHour: 0.4 });
  expect(prices[2]?.usdPerHour.value).toBeCloseTo(0.26, 12);
});

test('the band of interruptions is in the interval of the price', () => {
  const [price] = purchasePrices(
    instance,
    settingsOf({ purchases: ['spot'], spot: { fallback: 0, interruptionsPerHour: null, lostSeconds: 36_000 } }),
  );
  expect(price?.usdPerHour.low).toBeCloseTo(0.1 / (1 + (Math.log(0.95) / 730) * 10), 12);
  expect(price?.usdPerHour.high).toBeCloseTo(0.1 / (1 + (Math.log(0.9) / 730) * 10), 12);
});

test('hours on demand are mixed in, and their date counts too', () => {
  const spot = { fallback: 0.25, interruptionsPerHour: 0.01, lostSeconds: 600 };
  const older = { ...instance, onDemand: { ...instance.onDemand, date: '2024-01-01' } };
  const [price] = purchasePrices(older, settingsOf({ purchases: ['spot'], spot }));
  const value = 0.75 * (0.1 / (1 - (0.01 * 600) / 3600)) + 0.25 * 0.4;
  expect(price?.usdPerHour).toEqual({ value, low: value, high: value });
  expect(price?.date).toBe('2024-01-01');
});

test('an unknown band is any share of machines, and still a price', () => {
  const unknown = { ...instance, spot: { usdPerHour: 0.1, source: 'spots', date: null, interruption: null } };
  const [price] = purchasePrices(unknown, settingsOf({ purchases: ['spot'] }));
  expect(price?.usdPerHour.low).toBe(0.1);
  expect(price?.usdPerHour.high).toBeGreaterThan(0.1);
  expect(price?.usdPerHour.high).toBeLessThan(0.101);
  expect(price?.flags).toEqual(['spot-older', 'undated']);
});

test('a machine without a spot price is not sold so, nor reserved without a discount', () => {
  expect(purchasePrices({ ...instance, spot: null }, settingsOf({ purchases: all }))).toHaveLength(1);
});

test('where interruptions take all of the time, nothing is left to pay for', () => {
  expect(effectiveSpotPrice(0.1, 2, 3600)).toBe(Number.POSITIVE_INFINITY);
  const spot = { fallback: 0, interruptionsPerHour: 2, lostSeconds: 3600 };
  expect(purchasePrices(instance, settingsOf({ purchases: ['spot'], spot }))).toEqual([]);
});

test('a band whose worst takes all of the time has no upper bound', () => {
  const spot = { fallback: 0, interruptionsPerHour: null, lostSeconds: 26_000_000 };
  const [price] = purchasePrices(instance, settingsOf({ purchases: ['spot'], spot }));
  expect(price?.usdPerHour.low).toBeGreaterThan(0.1);
  expect(price?.usdPerHour.high).toBeNull();
});
