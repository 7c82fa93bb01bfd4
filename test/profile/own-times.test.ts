import { describe, expect, it } from 'vitest';
import { ownTimes } from '../../src/profile/own-times.ts';
import { createRandom } from '../../src/stats/seeded-random.ts';
import { sketchProfile } from './sketch-profile.ts';

describe('ownTimes', () => {
  it('leaves times as they are when profiling adds nothing', () => {
    expect(
      ownTimes(
        sketchProfile([
          { name: 'a', us: 30 },
          { name: 'b', us: 10 },
        ]),
        40,
      ),
    ).toEqual([30, 10]);
  });

  it('takes off what writing adds to each execution, where there is a kernel that does nothing', () => {
    const random = createRandom(1, 'own-times');
    for (let trial = 0; trial < 50; trial++) {
      const truth = [0, ...Array.from({ length: 8 }, () => Math.round(random.next() * 500))];
      const addedUs = 1 + random.next() * 20;
      const [calls, besideUs] = [truth.map((_, at) => 1 + (at % 3)), random.next() * 50];
      const profile = sketchProfile(
        truth.map((us, at) => ({ name: `k${at}`, us: us + addedUs * (calls[at] ?? 1), calls: calls[at] ?? 1 })),
        { besideUs },
      );
      const told = ownTimes(
        profile,
        truth.reduce((sum, us) => sum + us, 0),
      );
      for (const [at, us] of truth.entries()) expect(told[at]).toBeCloseTo(us, 6);
    }
  });

  it('takes off no more than a profiled run takes longer, nor more than the cheapest kernel takes', () => {
    const profile = sketchProfile([
      { name: 'a', us: 100 },
      { name: 'b', us: 50 },
    ]);
    expect(ownTimes(profile, 140)).toEqual([95, 45]);
    expect(ownTimes(profile, 10)).toEqual([50, 0]);
    expect(ownTimes(profile, 900)).toEqual([100, 50]);
  });

  it('takes what was written in a body off the node that holds it', () => {
    const inner = { us: 20, within: 2, calls: 5 };
    // Between kernels lie 8 us each: two times in the main graph, ten times in the loop.
    const loop = { name: 'loop', op: 'Loop', us: 40 + 8 * 10 };
    const kernels = [{ name: 'x', ...inner }, { name: 'y', ...inner }, loop, { name: 'z', us: 20 }];
    const [, , own] = ownTimes(sketchProfile(kernels, { besideUs: 16 }), 1000);
    expect(own).toBeCloseTo(40);
  });

  it('is not moved by a run that was interrupted, and counts a branch as often as it was taken', () => {
    const profile = sketchProfile([
      { name: 'a', us: [10, 10, 10, 900] },
      { name: 'b', us: [40, 0, 40, 0], calls: [1, 0, 1, 0] },
    ]);
    expect(ownTimes(profile, 1000)).toEqual([10, 20]);
  });

  it('is nothing for a model without kernels', () => {
    expect(ownTimes(sketchProfile([]), 5)).toEqual([]);
    expect(ownTimes({ kernels: [], runsUs: [] }, 5)).toEqual([]);
  });
});
