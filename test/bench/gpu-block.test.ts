import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { gpuBlock } from '../../src/bench/gpu-block.ts';
import { summarizeGpu } from '../../src/bench/summarize-gpu.ts';
import type { GpuBlock } from '../../src/bench/bench-result.ts';
import { blockOf } from '../report/fixture-bench-result.ts';
import { measureByScript, onlyPoint } from './scripted-bench.ts';
import { atRest, watchedGpu } from './watched-gpu.ts';

describe('gpuBlock', () => {
  it('counts the energy of a run beyond what the idle GPU draws', () => {
    // 250 W for 2 s are 500 J; at rest it would have been 100 J; 400 J are of 80 runs.
    const block = gpuBlock(watchedGpu(), { from: 1000, to: 3000, runs: 80 });
    expect(block).toMatchObject({ joulesPerRun: 5, powerW: 250, idlePowerW: 50, utilization: 0.8, samples: 200 });
    expect(block).not.toHaveProperty('energyJ');
  });

  it('tells no energy that cannot be told from rest', () => {
    const window = { from: 0, to: 1000, runs: 10 };
    const energy = (change: object, more: object = {}) => gpuBlock(watchedGpu(change, more), window)?.joulesPerRun;
    expect(energy({ energyJ: 50 })).toBeNull();
    expect(energy({ energyJ: 49 })).toBeNull();
    expect(energy({ energyJ: null })).toBeNull();
    expect(energy({}, { idle: null })).toBeNull();
    expect(energy({}, { idle: { ...atRest, powerW: null } })).toBeNull();
  });

  it('is null where too little was seen', () => {
    const blind = { ...watchedGpu(), window: () => null };
    expect(gpuBlock(blind, { from: 0, to: 1000, runs: 10 })).toBeNull();
  });
});

describe('summarizeGpu', () => {
  const point = { device: 1, batch: 4, copies: { toDeviceBytes: 64, fromDeviceBytes: 16 } };
  const rounds = (blocks: readonly (GpuBlock | null)[]) =>
    blocks.map((gpu, index) => ({ ...blockOf(10, index, 20), gpu }));
  const block = (change: Partial<GpuBlock> = {}): GpuBlock => {
    const seen = gpuBlock(watchedGpu(), { from: 0, to: 1000, runs: 40 });
    if (seen === null) throw new Error('nothing was seen');
    return { ...seen, ...change };
  };

  it('divides the energy of a run by the items in it, with an interval over blocks', () => {
    const { joulesPerRun, joulesPerItem } = summarizeGpu(
      rounds([4, 5, 6].map((joulesPerRun) => block({ joulesPerRun }))),
      point,
    );
    expect(joulesPerRun?.value).toBeCloseTo(Math.cbrt(120), 9);
    expect(joulesPerItem?.value).toBeCloseTo(Math.cbrt(120) / 4, 9);
    expect(joulesPerItem?.low).toBeLessThan(Math.cbrt(120) / 4);
  });

  it('tells no energy when some block has none: the others would be the thirsty ones', () => {
    const use = summarizeGpu(rounds([block(), block({ joulesPerRun: null })]), point);
    expect(use).toMatchObject({ joulesPerRun: null, joulesPerItem: null, powerW: 250 });
  });

  it('weighs what held the clock down by samples', () => {
    const held = (reason: string, share: number, samples: number) => block({ throttled: [{ reason, share }], samples });
    const use = summarizeGpu(
      rounds([held('power-cap', 0.5, 10), held('thermal', 1, 30), block({ throttled: null })]),
      point,
    );
    expect(use.throttled).toEqual([
      { reason: 'thermal', share: 0.75 },
      { reason: 'power-cap', share: 0.125 },
    ]);
  });

  it('keeps means within the blocks and counts what was not seen as nothing', () => {
    fc.assert(
      fc.property(fc.array(fc.option(fc.double({ min: 0, max: 1, noNaN: true })), { minLength: 1 }), (shares) => {
        const blocks = shares.map((utilization) => block({ utilization }));
        const known = shares.filter((share) => share !== null);
        const { utilization } = summarizeGpu(rounds([...blocks, null]), point);
        const isWithin =
          utilization !== null &&
          utilization >= Math.min(...known) - 1e-12 &&
          utilization <= Math.max(...known) + 1e-12;
        expect(isWithin).toBe(known.length > 0);
      }),
    );
  });

  it('still tells the copies of a GPU that nobody watched', () => {
    expect(summarizeGpu(rounds([null, null]), point)).toMatchObject({
      samples: 0,
      powerW: null,
      copies: point.copies,
      device: 1,
    });
  });
});

describe('a bench on a GPU', () => {
  it('hands every block the GPU that was watched, and every session its device', async () => {
    const gpu = { device: 1, monitor: watchedGpu() };
    const { findings, runtime } = await measureByScript(
      { axes: { providers: ['cpu', 'cuda'], batches: [2] }, gpu },
      { outputs: ({ feeds }) => ({ y: feeds['x'] ?? { type: 'float32', dims: [0], data: new Float32Array() } }) },
    );
    const [onCpu, onGpu] = findings.points;
    expect(onCpu?.gpu).toBeNull();
    expect(onCpu?.rounds.every((round) => !('gpu' in round))).toBe(true);
    expect(onGpu?.gpu).toMatchObject({
      device: 1,
      utilization: expect.closeTo(0.8, 9) as number,
      powerW: 250,
      idlePowerW: 50,
      // A run takes 1 ms: 200 W beyond rest make 0.2 J of it, and 0.1 J of each of its two items.
      joulesPerRun: { value: expect.closeTo(0.2, 9) as number },
      joulesPerItem: { value: expect.closeTo(0.1, 9) as number },
      // Two rows of four floats there, and the same back.
      copies: { toDeviceBytes: 32, fromDeviceBytes: 32 },
    });
    const devices = runtime.opened.map(({ provider, device }) => [provider, device]);
    expect(devices).toContainEqual(['cuda', 1]);
    expect(devices.filter(([provider, device]) => (provider === 'cuda') !== (device === 1))).toEqual([]);
  });

  it('says nothing of a GPU on other providers', async () => {
    const { findings } = await measureByScript({ axes: { providers: ['cpu'] } });
    expect(onlyPoint(findings).gpu).toBeNull();
  });
});
