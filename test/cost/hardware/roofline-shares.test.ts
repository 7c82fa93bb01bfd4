import { describe, expect, it } from 'vitest';
import { rooflineShares } from '../../../src/cost/hardware/roofline-shares.ts';
import { catalog, curveOn, gpuMachine, iceLake, machine, placeOf } from './sketch-curve.ts';

const measuredOn = placeOf(iceLake);
const { curve } = curveOn(measuredOn);

describe('shares of the measured time', () => {
  it('are overhead as the line has it, and the rest as ideal times are', () => {
    // 92.8 GFLOPS and 3.2 GB/s: as long for one as for the other.
    const work = { flop: 92.8e6, bytes: 3.2e6, isInt8: false };
    const shares = rooflineShares({ work, curve, measuredOn, modelBytes: 0 }, catalog);
    const overhead = 3.5 / 13.5;
    expect(shares?.overhead).toBeCloseTo(overhead, 9);
    expect(shares?.compute).toBeCloseTo((1 - overhead) / 2, 9);
    expect(shares?.memory).toBeCloseTo((1 - overhead) / 2, 9);
  });

  it('count weights once for a batch', () => {
    const work = { flop: 92.8e6, bytes: 3.2e6, isInt8: false };
    const shares = rooflineShares({ work, curve, measuredOn, modelBytes: 3.2e6 }, catalog);
    expect((shares?.memory ?? 0) / (shares?.compute ?? 1)).toBeCloseTo(1 / 8, 9);
  });

  it('go by the rate of the products that the model has', () => {
    const work = { flop: 371.2e6, bytes: 3.2e6, isInt8: true };
    const shares = rooflineShares({ work, curve, measuredOn, modelBytes: 0 }, catalog);
    expect(shares?.compute).toBeCloseTo(shares?.memory ?? 0, 9);
  });

  it('add up to the whole', () => {
    const work = { flop: 1e8, bytes: 1e7, isInt8: false };
    const shares = rooflineShares({ work, curve, measuredOn, modelBytes: 1e6 }, catalog);
    expect((shares?.compute ?? 0) + (shares?.memory ?? 0) + (shares?.overhead ?? 0)).toBeCloseTo(1, 12);
  });

  it('are those of an accelerator where it is known', () => {
    const work = { flop: 31.5e9, bytes: 600e6, isInt8: false };
    const onGpu = placeOf(gpuMachine, { ep: 'cuda' });
    const shares = rooflineShares({ work, curve, measuredOn: onGpu, modelBytes: 0 }, catalog);
    expect(shares?.compute).toBeCloseTo(shares?.memory ?? 0, 9);
    const unknown = placeOf(machine({}), { ep: 'cuda' });
    expect(rooflineShares({ work, curve, measuredOn: unknown, modelBytes: 0 }, catalog)).toBeNull();
  });

  it('are none of a model that does nothing', () => {
    const work = { flop: 0, bytes: 0, isInt8: false };
    expect(rooflineShares({ work, curve, measuredOn, modelBytes: 0 }, catalog)).toBeNull();
  });
});
