import { describe, expect, it } from 'vitest';
import { normalCdf } from '../../../src/stats/normal.ts';
import { expectedSteps } from '../../../src/cost/workflow/expected-steps.ts';
import type { StepServer } from '../../../src/cost/workflow/step-server.ts';
import { stepsWithoutTime, workflowLatency } from '../../../src/cost/workflow/workflow-latency.ts';
import { sketchServer, sketchServers, sketchWorkflow } from './sketch-workflow.ts';

function latencyOf(steps: readonly object[], change: (server: StepServer) => StepServer = (server) => server) {
  const workflow = sketchWorkflow(...steps);
  const servers = sketchServers(workflow).map((server) => change(server));
  return workflowLatency({ workflow, servers, expected: expectedSteps(workflow), seed: 3 });
}

const exactly = (ms: number) => ({ value: ms, low: ms, high: ms });

describe('workflowLatency', () => {
  it('adds up steps one after another', () => {
    const found = latencyOf([
      { name: 'a', latencyMs: 10 },
      { name: 'b', latencyMs: 5, fanOut: 3, parallel: false },
      { name: 'c', latencyMs: 15, fanOut: 3 },
    ]);
    expect(found.meanMs).toEqual(exactly(40));
    expect(found.p99Ms).toEqual(exactly(40));
    expect(found.steps).toEqual([
      { meanMs: 10, share: 0.25 },
      { meanMs: 15, share: 0.375 },
      { meanMs: 15, share: 0.375 },
    ]);
  });

  it('takes the longer of two ways, and blames its steps alone', () => {
    const steps = [
      { name: 'start', latencyMs: 1 },
      { name: 'short', latencyMs: 2 },
      { name: 'long', latencyMs: 8, after: 'start' },
      { name: 'end', latencyMs: 1, after: ['short', 'long'] },
    ];
    const found = latencyOf(steps);
    expect(found.meanMs).toEqual(exactly(10));
    expect(found.steps.map(({ share }) => share)).toEqual([0.1, 0, 0.8, 0.1]);
    expect(latencyOf([...steps.slice(0, 3), { ...steps[3], await: 'any' }]).meanMs).toEqual(exactly(9));
  });

  it('ends with the last step, though no other waits for it', () => {
    const found = latencyOf([
      { name: 'log', latencyMs: 50 },
      { name: 'answer', latencyMs: 20, after: [] },
    ]);
    expect(found.meanMs).toEqual(exactly(50));
  });

  it('goes on after so many as are waited for, those that were passed by left out', () => {
    const ways = [
      { name: 'a', latencyMs: 3, after: [] },
      { name: 'b', latencyMs: 5, after: [] },
      { name: 'c', latencyMs: 9, after: [] },
      { name: 'never', latencyMs: 1, after: [], probability: 0 },
    ];
    const end = { name: 'end', latencyMs: 100, after: ['a', 'b', 'c', 'never'] };
    expect(latencyOf([...ways, end]).meanMs.value).toBe(109);
    expect(latencyOf([...ways, { ...end, await: 'any' }]).meanMs.value).toBe(103);
    expect(latencyOf([...ways, { ...end, await: { quorum: 2 } }]).meanMs.value).toBe(105);
  });

  it('waits for nobody where all steps before were passed by', () => {
    const never = { latencyMs: 7, after: [], probability: 0 };
    const steps = [
      { name: 'a', ...never },
      { name: 'b', ...never },
      { name: 'end', latencyMs: 2, after: ['a', 'b'], await: 'any' },
    ];
    expect(latencyOf(steps).meanMs.value).toBe(2);
    expect(latencyOf(steps).steps[0]).toEqual({ meanMs: null, share: 0 });
  });

  it('makes a call again that failed', () => {
    const [always] = [{ name: 'a', latencyMs: 10, retries: { probability: 1, max: 2 } }];
    expect(latencyOf([always]).meanMs).toEqual(exactly(30));
  });

  it('is that of the slowest of parallel calls, by integration', () => {
    // The mean of the largest of 4 log-normal times is ∫ 1 - F(t)^4 dt.
    const variance = Math.log(1 + 0.36);
    const at = (ms: number) => normalCdf((Math.log(ms / 100) + variance / 2) / Math.sqrt(variance));
    let slowest = 0;
    for (let ms = 0.25; ms < 3000; ms += 0.5) slowest += (1 - at(ms) ** 4) * 0.5;
    const found = latencyOf([{ name: 'a', latencyMs: { mean: 100, sd: 60 }, fanOut: 4 }]);
    expect(found.meanMs.low).toBeLessThan(slowest);
    expect(found.meanMs.high).toBeGreaterThan(slowest);
    // Its median: where all four are below.
    const median = found.p50Ms.value;
    expect(at(median) ** 4).toBeCloseTo(0.5, 1);
    expect(found.p99Ms.low).toBeGreaterThan(median);
  });

  it('spans both ends of what is known of the times, by the same luck', () => {
    const steps = [
      { name: 'a', latencyMs: { p50: 10, p99: 40 } },
      { name: 'b', latencyMs: 5 },
    ];
    const exact = latencyOf(steps);
    const wide = latencyOf(steps, (server) => ({
      ...server,
      time: server.time && { ...server.time, low: 0.5, high: 2 },
    }));
    expect(wide.p50Ms.value).toBe(exact.p50Ms.value);
    expect(wide.p50Ms.low).toBeCloseTo((exact.p50Ms.low ?? 0) / 2, 9);
    expect(wide.p50Ms.high).toBeCloseTo((exact.p50Ms.high ?? 0) * 2, 9);
    expect(wide.meanMs.high).toBeCloseTo((exact.meanMs.high ?? 0) * 2, 9);
  });

  it('has no bounds where the times of one server have none', () => {
    const found = latencyOf([{ name: 'a', latencyMs: 5 }], (server) => ({
      ...server,
      time: server.time && { ...server.time, low: null, high: null },
    }));
    expect(found.meanMs).toEqual({ value: 5, low: null, high: null });
  });

  it('plays fewer requests where one makes many calls', () => {
    expect(latencyOf([{ name: 'a', latencyMs: 1 }]).samples).toBe(20_000);
    expect(latencyOf([{ name: 'a', latencyMs: 1, fanOut: 400 }]).samples).toBe(5000);
  });
});

describe('stepsWithoutTime', () => {
  it('names those that may be done', () => {
    const workflow = sketchWorkflow(
      { name: 'a', usd: 1 },
      { name: 'b', usd: 1, probability: 0 },
      { name: 'c', usd: 1, latencyMs: 0 },
    );
    const servers = workflow.steps.map((step) => sketchServer(step));
    expect(stepsWithoutTime({ workflow, servers, expected: expectedSteps(workflow), seed: 0 })).toEqual(['a']);
  });
});
