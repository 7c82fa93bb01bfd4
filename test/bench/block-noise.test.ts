import { describe, expect, it } from 'vitest';
import type { BlockNoiseInput } from '../../src/bench/block-noise.ts';
import { blockNoise } from '../../src/bench/block-noise.ts';
import type { NoiseCounters } from '../../src/runtime/noise-counters.ts';

const start: NoiseCounters = {
  atMs: 5000,
  stalledMs: 700,
  stealMs: 300,
  cpuTotalMs: 10_000,
  throttledPeriods: 4,
  frequencyMhz: 2000,
};

type Total = Exclude<keyof NoiseCounters, 'energy'>;

/** A second later, with what was added in between. */
function after(added: Partial<Record<Total, number>> = {}): NoiseCounters {
  const plus = (key: Total, otherwise = 0) => (start[key] ?? 0) + (added[key] ?? otherwise);
  return {
    atMs: plus('atMs', 1000),
    stalledMs: plus('stalledMs'),
    stealMs: plus('stealMs'),
    cpuTotalMs: plus('cpuTotalMs', 2000),
    throttledPeriods: plus('throttledPeriods'),
    frequencyMhz: plus('frequencyMhz'),
  };
}

function noise(added: Parameters<typeof after>[0] = {}, rest: Partial<BlockNoiseInput> = {}) {
  return blockNoise({
    before: start,
    after: after(added),
    involuntarySwitches: 0,
    latencyMs: [1, 1, 1],
    occupancy: 0.5,
    earlierSwitchesPerSecond: [],
    ...rest,
  });
}

describe('blockNoise', () => {
  it('finds nothing in a quiet block', () => {
    expect(noise()).toEqual({
      stalledShare: 0,
      stealShare: 0,
      involuntarySwitchesPerSecond: 0,
      throttledPeriods: 0,
      clockRatio: 1,
      driftRatio: null,
      dirty: [],
    });
  });

  it.each([
    ['stalled', { stalledMs: 50 }, { stalledMs: 51 }, 'stalledShare', 0.051],
    ['steal', { stealMs: 40 }, { stealMs: 41 }, 'stealShare', 0.0205],
    ['throttled', { throttledPeriods: 0 }, { throttledPeriods: 1 }, 'throttledPeriods', 1],
    ['clock', { frequencyMhz: -200 }, { frequencyMhz: -201 }, 'clockRatio', 0.8995],
  ] as const)('calls a block dirty for %s beyond the threshold, not at it', (rule, at, beyond, fact, value) => {
    expect(noise(at).dirty).toEqual([]);
    expect(noise(beyond).dirty).toEqual([rule]);
    expect(noise(beyond)[fact]).toBeCloseTo(value, 12);
  });

  it('compares switches with the median of five blocks or more, above a floor', () => {
    const switches = (count: number, earlier: readonly number[]) =>
      noise({}, { involuntarySwitches: count, earlierSwitchesPerSecond: earlier }).dirty;
    const calm = [10, 20, 20, 30, 1000];
    expect(switches(100, calm)).toEqual([]);
    expect(switches(101, calm)).toEqual(['switches']);
    expect(switches(1000, calm.slice(1))).toEqual([]);
    expect(switches(49, [0, 0, 0, 0, 0])).toEqual([]);
    expect(switches(50, [0, 0, 0, 0, 0])).toEqual(['switches']);
    expect(noise({ atMs: 500 }, { involuntarySwitches: 7 }).involuntarySwitchesPerSecond).toBe(14);
  });

  it('allows the system to wait for a block that fills every core', () => {
    expect(noise({ stalledMs: 250 }, { occupancy: 1 }).dirty).toEqual([]);
    expect(noise({ stalledMs: 251 }, { occupancy: 1 }).dirty).toEqual(['stalled']);
  });

  it('does not blame others for what threads over cores do to each other', () => {
    const added = { stalledMs: 500, stealMs: 500, throttledPeriods: 1, frequencyMhz: -1000 };
    const rest = { involuntarySwitches: 999, earlierSwitchesPerSecond: [1, 1, 1, 1, 1] };
    expect(noise(added, rest).dirty).toEqual(['stalled', 'steal', 'switches', 'throttled', 'clock']);
    expect(noise(added, { ...rest, occupancy: 1.5 }).dirty).toEqual(['steal', 'throttled', 'clock']);
  });

  it('knows nothing where the system tells nothing', () => {
    const silent = { stalledMs: null, stealMs: null, cpuTotalMs: null, throttledPeriods: null, frequencyMhz: null };
    const facts = { stalledShare: null, stealShare: null, throttledPeriods: null, clockRatio: null, dirty: [] };
    expect(noise({}, { before: { ...start, ...silent } })).toMatchObject(facts);
    expect(noise({}, { after: { ...after(), ...silent } })).toMatchObject(facts);
    expect(noise({ atMs: 0, cpuTotalMs: 0 })).toMatchObject({
      stalledShare: null,
      stealShare: null,
      involuntarySwitchesPerSecond: null,
    });
  });

  it('tells drift by the medians of the outer thirds', () => {
    const drift = (latencyMs: readonly number[]) => noise({}, { latencyMs }).driftRatio;
    expect(drift([1, 1, 9, 5, 5, 5, 2, 2, 2])).toBe(2);
    expect(drift([4, 4, 4, 0, 0, 0, 9, 1, 1, 1])).toBe(0.25);
    expect(drift([1, 1, 1, 1, 1, 1, 1, 1])).toBeNull();
  });
});
