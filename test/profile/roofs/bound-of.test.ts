import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Roofs } from '../../../src/profile/profile-result.ts';
import { boundOf } from '../../../src/profile/roofs/bound-of.ts';

const measured = { provider: 'cpu', threads: 1, measuredAt: '2026-03-01T00:00:00.000Z', cached: false };
const roofs: Roofs = { ...measured, gflopPerSecond: 100, gbPerSecond: 10, ridge: 10 };

/** 2 · 1024³ FLOP at 100 GFLOP/s. */
const productMs = 21.47483648;

describe('boundOf', () => {
  it('finds a product of 1024 by 1024 at its roof to be bound by arithmetic', () => {
    const { bound, roofShare } = boundOf({ timeMs: productMs, macs: 1024 ** 3, bytes: 3 * 4 * 1024 ** 2 }, roofs);
    expect(bound).toBe('compute');
    expect(roofShare).toBeCloseTo(1, 12);
  });

  it('finds a product with a vector to be bound by traffic', () => {
    // 4 MB at 10 GB/s take 0.42 ms, 2 MFLOP 0.02 ms.
    const { bound, roofShare } = boundOf({ timeMs: 0.84, macs: 1024 ** 2, bytes: 4 * 1024 ** 2 }, roofs);
    expect(bound).toBe('memory');
    expect(roofShare).toBeCloseTo(0.4993, 4);
  });

  it.each([
    ['little work in no time', { timeMs: 0.01, macs: 100, bytes: 100 }, 'overhead'],
    ['no work in no time', { timeMs: 0.01, macs: 0, bytes: 0 }, 'overhead'],
    ['little work that takes long', { timeMs: 10, macs: 1000, bytes: 100 }, 'compute'],
    ['a view that takes long', { timeMs: 10, macs: null, bytes: 0 }, null],
    ['an elementwise operator at the bandwidth', { timeMs: 1, macs: null, bytes: 9e6 }, 'memory'],
    ['an elementwise operator far from it', { timeMs: 1, macs: null, bytes: 1e6 }, null],
    ['a short kernel that reaches its roof', { timeMs: 0.01, macs: null, bytes: 9e4 }, 'memory'],
  ] as const)('says of %s: %s', (_, work, bound) => {
    expect(boundOf(work, roofs).bound).toBe(bound);
  });

  it.each([
    { timeMs: 1, macs: null, bytes: null },
    { timeMs: 0, macs: 1, bytes: 1 },
    { timeMs: Number.NaN, macs: 1, bytes: 1 },
  ])('says nothing of %o', (work) => {
    expect(boundOf(work, roofs)).toEqual({ bound: null, roofShare: null });
  });

  it('takes the roof of the type, or that of float32 where there is none', () => {
    const work = { timeMs: productMs, macs: 1024 ** 3, bytes: 0 };
    const shares = (own: Roofs) =>
      (['float32', 'int8', 'float16'] as const).map((precision) => boundOf({ ...work, precision }, own).roofShare);
    expect(shares(roofs).map((share) => share?.toFixed(6))).toEqual(['1.000000', '1.000000', '1.000000']);
    const both = { ...roofs, int8GopPerSecond: 400, float16GflopPerSecond: 200 };
    expect(shares(both).map((share) => share?.toFixed(6))).toEqual(['1.000000', '0.250000', '0.500000']);
  });
});

describe('the roofline', () => {
  const positive = fc.double({ min: 1e-3, max: 1e3, noNaN: true });
  const work = fc.record({
    timeMs: fc.double({ min: 0.1, max: 1e4, noNaN: true }),
    macs: fc.integer({ min: 1, max: 2 ** 40 }),
    bytes: fc.integer({ min: 1, max: 2 ** 40 }),
  });
  const anyRoofs = fc
    .record({ gflopPerSecond: positive, gbPerSecond: positive })
    .map((rates): Roofs => ({ ...measured, ...rates, ridge: rates.gflopPerSecond / rates.gbPerSecond }));

  it('divides kernels at the ridge by their intensity', () => {
    fc.assert(
      fc.property(work, anyRoofs, (kernel, own) => {
        const intensity = (2 * kernel.macs) / kernel.bytes;
        fc.pre(Math.abs(intensity / own.ridge - 1) > 1e-9);
        expect(boundOf(kernel, own).bound).toBe(intensity > own.ridge ? 'compute' : 'memory');
      }),
    );
  });

  it('gives the share of what is attainable: the lower of the roof and the bandwidth times the intensity', () => {
    fc.assert(
      fc.property(work, anyRoofs, (kernel, own) => {
        const achieved = (2 * kernel.macs) / (kernel.timeMs * 1e6);
        const attainable = Math.min(own.gflopPerSecond, (own.gbPerSecond * 2 * kernel.macs) / kernel.bytes);
        expect((boundOf(kernel, own).roofShare ?? 0) / (achieved / attainable)).toBeCloseTo(1, 9);
      }),
    );
  });
});
