import { describe, expect, it } from 'vitest';
import { coverageOf, kernelTimes, writingShareOf } from '../../src/profile/kernel-times.ts';
import { sketchProfile } from './sketch-profile.ts';

describe('kernelTimes', () => {
  it('lines kernels up by name, operator and the body that they ran in, in whatever order each profile has them', () => {
    const first = sketchProfile([
      { name: 'x', us: 10, within: 1 },
      { name: 'loop', op: 'Loop', us: 20 },
      { name: 'x', us: 70 },
    ]);
    const second = sketchProfile([
      { name: 'x', us: 60 },
      { name: 'x', us: 20, within: 2 },
      { name: 'loop', op: 'Loop', us: 20 },
    ]);
    const times = kernelTimes([
      { plainMs: 0.1, profile: first },
      { plainMs: 0.1, profile: second },
    ]);
    expect(times.map(({ kernel: { name }, within }) => [name, within])).toEqual([
      ['x', 1],
      ['loop', null],
      ['x', null],
    ]);
    expect(times.map(({ shares }) => shares)).toEqual([
      [0.1, 0.2],
      [0.2, 0.2],
      [0.7, 0.6],
    ]);
    expect(times[0]?.profiledMs).toBeCloseTo(0.015);
  });

  it('counts a kernel that a round did not see as nothing in it', () => {
    const times = kernelTimes([
      { plainMs: 1, profile: sketchProfile([{ name: 'a', us: 10 }]) },
      {
        plainMs: 1,
        profile: sketchProfile([
          { name: 'a', us: 10 },
          { name: 'b', us: 10 },
        ]),
      },
    ]);
    expect(times.map(({ shares }) => shares)).toEqual([
      [1, 0.5],
      [0, 0.5],
    ]);
  });

  it('tells the share that threads waited, where there are several', () => {
    const profile = sketchProfile([
      { name: 'a', us: 10, waitUs: 4 },
      { name: 'b', us: 10 },
    ]);
    expect(kernelTimes([{ plainMs: 1, profile }]).map(({ waitShare }) => waitShare)).toEqual([0.4, null]);
  });
});

describe('coverage', () => {
  it('is own times over the time of runs; what the profile wrote is told apart by the shorter gaps', () => {
    const kernels = [
      { name: 'a', us: 40 },
      { name: 'b', us: 40 },
      { name: 'c', us: 0 },
    ];
    const events = [
      { kernel: 0, startUs: 2, durationUs: 40 },
      { kernel: 1, startUs: 46, durationUs: 40 },
      { kernel: 2, startUs: 90, durationUs: 0 },
    ];
    const profile = sketchProfile(kernels, { besideUs: 20, typical: { durationUs: 100, events } });
    expect(coverageOf({ plainMs: 1, profile })).toBeCloseTo(0.8);
    // Twice 4 us between, thrice in all.
    expect(writingShareOf({ plainMs: 1, profile })).toBeCloseTo(0.12);
    expect(coverageOf({ plainMs: 1, profile: sketchProfile([], { runs: 0 }) })).toBe(0);
    expect(writingShareOf({ plainMs: 1, profile: sketchProfile([]) })).toBe(0);
  });
});
