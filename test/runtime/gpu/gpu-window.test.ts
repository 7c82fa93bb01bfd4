import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { GpuSample } from '../../../src/runtime/gpu/gpu-sample.ts';
import { gpuWindow } from '../../../src/runtime/gpu/gpu-window.ts';

const quiet: GpuSample = {
  atMs: 0,
  utilization: 0.5,
  memoryUtilization: null,
  memoryUsedBytes: 100,
  powerW: 50,
  powerIsInstant: true,
  smClockMhz: 1000,
  smClockMaxMhz: 1500,
  temperatureC: 40,
  throttled: [],
  isMig: false,
};

/** A sample each 100 ms from 0 on. */
function samples(count: number, change: (at: number) => Partial<GpuSample>): readonly GpuSample[] {
  return Array.from({ length: count }, (_, at) => ({ ...quiet, atMs: at * 100, ...change(at) }));
}

describe('gpuWindow', () => {
  it('integrates a power that rises evenly to what geometry says, wherever the window cuts it', () => {
    const ramp = samples(21, (at) => ({ powerW: 10 * at }));
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 800 }), fc.integer({ min: 400, max: 1200 }), (from, length) => {
        const to = from + length;
        // P = t / 10 W with t in ms: the integral is (to² - from²) / 20 W·ms.
        expect(gpuWindow(ramp, from, to)?.energyJ).toBeCloseTo((to ** 2 - from ** 2) / 20 / 1000, 9);
      }),
    );
  });

  it('holds the first and the last power beyond their samples', () => {
    expect(
      gpuWindow(
        samples(4, () => ({})),
        -500,
        1000,
      ),
    ).toMatchObject({ energyJ: 75, powerW: 50 });
  });

  it('is additive: two windows hold the energy of both', () => {
    const wavy = samples(40, (at) => ({ powerW: 100 + 50 * Math.sin(at) }));
    fc.assert(
      fc.property(fc.integer({ min: 400, max: 3400 }), (cut) => {
        const energy = (from: number, to: number) => gpuWindow(wavy, from, to)?.energyJ ?? Number.NaN;
        expect(energy(0, cut) + energy(cut, 3900)).toBeCloseTo(energy(0, 3900), 9);
      }),
    );
  });

  it('takes means, and the largest of memory and heat', () => {
    const seen = gpuWindow(
      samples(4, (at) => ({ utilization: at / 4, memoryUsedBytes: at, temperatureC: 40 + at, smClockMhz: 1000 + at })),
      0,
      300,
    );
    expect(seen).toMatchObject({ utilization: 0.375, memoryUsedBytes: 3, temperatureC: 43, smClockMhz: 1001.5 });
    expect(seen?.memoryUtilization).toBeNull();
  });

  it('tells for which share of the samples the clock was held down', () => {
    const seen = gpuWindow(
      samples(4, (at) => ({ throttled: at === 0 ? null : at === 1 ? ['power-cap', 'thermal'] : ['power-cap'] })),
      0,
      300,
    );
    expect(seen?.throttled).toEqual([
      { reason: 'power-cap', share: 1 },
      { reason: 'thermal', share: 1 / 3 },
    ]);
    expect(
      gpuWindow(
        samples(4, () => ({ throttled: null })),
        0,
        300,
      )?.throttled,
    ).toBeNull();
  });

  it('says nothing of less than three samples, nor of power that is hardly told', () => {
    expect(
      gpuWindow(
        samples(9, () => ({})),
        100,
        299,
      ),
    ).toBeNull();
    const hardly = gpuWindow(
      samples(9, (at) => ({ powerW: at < 2 ? 50 : null })),
      0,
      800,
    );
    expect(hardly).toMatchObject({ samples: 9, powerW: null, energyJ: null });
  });
});
