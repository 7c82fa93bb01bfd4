import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { expectedSteps } from '../../../src/cost/workflow/expected-steps.ts';
import { playWorkflow } from '../../../src/cost/workflow/play-workflow.ts';
import { sketchServers, sketchWorkflow } from './sketch-workflow.ts';

/** Five steps with fan-out and retries, everything that hangs together included. */
const five = sketchWorkflow(
  { name: 'plan', api: 'a', input: 800, output: 150, retries: { probability: 0.05, max: 2 } },
  { name: 'retrieve', usd: 1, fanOut: 4, join: { quorum: 3 }, output: 500, retries: { probability: 0.1, max: 3 } },
  { name: 'tool', api: 'a', fanOut: { min: 2, max: 4 }, input: 100, output: 80, probability: 0.5 },
  {
    name: 'verify',
    api: 'a',
    when: 'tool',
    probability: 0.3,
    input: 200,
    output: 40,
    context: 'accumulate',
    retries: { probability: 0.25, max: 1 },
  },
  {
    name: 'generate',
    api: 'a',
    input: 300,
    output: 250,
    context: 'accumulate',
    fanOut: 3,
    parallel: false,
    retries: { probability: 0.2, max: 2 },
  },
);

/** Four standard errors: one of 16,000 would miss it. */
function expectMean(values: readonly number[], expected: number): void {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (values.length - 1);
  expect(Math.abs(mean - expected)).toBeLessThanOrEqual(4 * Math.sqrt(variance / values.length) + 1e-9);
}

describe('expectedSteps', () => {
  it('equals what is computed by hand of five steps', () => {
    const [plan, retrieve, tool, verify, generate] = expectedSteps(five);
    // 1 + 0.05 + 0.0025.
    expect(plan?.calls).toBeCloseTo(1.0525, 12);
    expect(plan?.inputTokens).toBeCloseTo(1.0525 * 800, 9);
    expect(plan?.outputTokens).toBeCloseTo(1.0525 * 150, 9);
    // 4 · 1.111: all four are paid though three are waited for.
    expect(retrieve?.calls).toBeCloseTo(4.444, 12);
    expect(retrieve?.outputTokens).toBeCloseTo(4.444 * 500, 9);
    // 0.5 · 3.
    expect(tool?.calls).toBeCloseTo(1.5, 12);
    expect(tool?.inputTokens).toBeCloseTo(150, 9);
    expect(tool?.outputTokens).toBeCloseTo(120, 9);
    // 0.5 · 0.3 · 1.25; it reads 200, the plan's 150, 3 of 4 documents, and what 3 tools on average wrote.
    expect(verify?.reach).toBeCloseTo(0.15, 12);
    expect(verify?.calls).toBeCloseTo(0.1875, 12);
    expect(verify?.inputTokens).toBeCloseTo(0.1875 * (200 + 150 + 1500 + 240), 9);
    expect(verify?.outputTokens).toBeCloseTo(0.1875 * 40, 9);
    // 3 · 1.24; each reads 300, 150 and 1,500, half of the time 240, 15 % of the time 40, and what the calls of the loop
    // before it wrote: 0, 250 and 500.
    expect(generate?.calls).toBeCloseTo(3.72, 12);
    expect(generate?.inputTokens).toBeCloseTo(3.72 * (300 + 150 + 1500 + 120 + 6) + 1.24 * 750, 9);
    expect(generate?.outputTokens).toBeCloseTo(3.72 * 250, 9);
  });

  it('equals the play of many requests within its error', () => {
    const requests = 1500;
    const plays = Array.from({ length: 30 }, (_, seed) => playWorkflow(five, sketchServers(five), { seed, requests }));
    const expected = expectedSteps(five);
    expectMean(
      plays.map(({ calls }) => calls.reduce((sum, count) => sum + count, 0) / requests),
      expected.reduce((sum, { calls }) => sum + calls, 0),
    );
    expected.forEach((step, index) => {
      for (const key of ['calls', 'inputTokens', 'outputTokens'] as const)
        expectMean(
          plays.map(({ steps }) => (steps[index]?.[key] ?? 0) / requests),
          step[key],
        );
      expectMean(
        plays.map(({ steps }) => (steps[index]?.done ?? 0) / requests),
        step.reach,
      );
    });
  });

  it('equals the closed form of the geometric series', () => {
    const probability = fc.double({ min: 0, max: 0.99, noNaN: true });
    fc.assert(
      fc.property(probability, fc.integer({ min: 0, max: 20 }), fc.integer({ min: 1, max: 9 }), (q, max, fanOut) => {
        const step = { name: 'a', usd: 1, fanOut, probability: 0.4, retries: { probability: q, max } };
        const [expected] = expectedSteps(sketchWorkflow(step));
        expect(expected?.calls).toBeCloseTo((0.4 * fanOut * (1 - q ** (max + 1))) / (1 - q), 9);
      }),
    );
  });

  it('makes every retry of a call that always fails', () => {
    const [step] = expectedSteps(sketchWorkflow({ name: 'a', usd: 1, retries: { probability: 1, max: 4 } }));
    expect(step?.calls).toBe(5);
  });

  it('multiplies the probability of a shared condition once', () => {
    const workflow = sketchWorkflow(
      { name: 'a', usd: 1, probability: 0.5 },
      { name: 'b', usd: 1, when: 'a', probability: 0.4 },
      { name: 'c', usd: 1, when: 'a', probability: 0.2 },
      { name: 'd', usd: 1, when: ['b', 'c'] },
    );
    expect(expectedSteps(workflow).map(({ reach }) => reach)).toEqual([0.5, 0.2, 0.1, expect.closeTo(0.04, 12)]);
  });

  it('passes a step by that is not done, and the others go on', () => {
    const workflow = sketchWorkflow({ name: 'a', usd: 1, probability: 0 }, { name: 'b', usd: 1 });
    expect(expectedSteps(workflow).map(({ calls }) => calls)).toEqual([0, 1]);
  });

  it('sends those requests to the first step that no cache answers', () => {
    const workflow = sketchWorkflow(
      { name: 'a', api: 'x', input: 10, output: 4 },
      { name: 'b', api: 'x', context: 'accumulate', when: 'a' },
    );
    const expected = expectedSteps(workflow, 0.7);
    expect(expected.map(({ reach }) => reach)).toEqual([0.7, 0.7]);
    expect(expected[1]?.inputTokens).toBeCloseTo(2.8, 12);
  });

  it('adds up what a loop of any length reads of itself', () => {
    const loop = {
      name: 'a',
      api: 'x',
      context: 'accumulate',
      output: 100,
      parallel: false,
      fanOut: { min: 2, max: 6 },
    };
    // (0 + 1), (0 + 1 + 2), … of 2 to 6 calls: 1, 3, 6, 10 and 15.
    expect(expectedSteps(sketchWorkflow(loop))[0]?.inputTokens).toBeCloseTo((100 * (1 + 3 + 6 + 10 + 15)) / 5, 9);
    expect(expectedSteps(sketchWorkflow({ ...loop, parallel: true }))[0]?.inputTokens).toBe(0);
  });

  it('leaves later steps what the first of several calls wrote', () => {
    const workflow = sketchWorkflow(
      { name: 'a', api: 'x', output: 100, fanOut: { min: 2, max: 6 }, join: 'any' },
      { name: 'b', api: 'x', context: 'accumulate' },
    );
    expect(expectedSteps(workflow)[1]?.inputTokens).toBe(100);
  });
});
