import type { Interval } from '../../stats/interval.ts';
import { z95 } from '../../stats/normal.ts';
import { quantileInterval } from '../../stats/quantile-interval.ts';
import type { ExpectedStep } from './expected-steps.ts';
import { playWorkflow } from './play-workflow.ts';
import type { Played } from './play-workflow.ts';
import type { Bound } from './step-player.ts';
import type { StepServer } from './step-server.ts';
import type { Workflow } from './workflow.ts';

export interface StepLatency {
  /** Where the step is done; null where no request did it. */
  readonly meanMs: number | null;
  /** Of the time of whole requests. */
  readonly share: number;
}

export interface WorkflowLatency {
  readonly meanMs: Interval;
  readonly p50Ms: Interval;
  readonly p99Ms: Interval;
  readonly samples: number;
  readonly steps: readonly StepLatency[];
}

export interface LatencyInput {
  readonly workflow: Workflow;
  readonly servers: readonly StepServer[];
  readonly expected: readonly ExpectedStep[];
  readonly seed: number;
}

/** Calls in all that are played at most, and requests at least and at most: the p99 of 2,000 has an interval. */
const limits = { calls: 2_000_000, least: 2_000, most: 20_000 } as const;

/** Names of steps that may be done and that nobody tells the time of. */
export function stepsWithoutTime({ workflow, servers, expected }: LatencyInput): readonly string[] {
  return workflow.steps.flatMap(({ name }, index) =>
    servers[index]?.time === null && (expected[index]?.reach ?? 0) > 0 ? [name] : [],
  );
}

/**
 * Latency of whole requests, played one by one. The interval goes from what the play may miss at the low end of all
 * servers' times to what it may miss at their high end: the same requests meet the same luck at both.
 */
export function workflowLatency(input: LatencyInput): WorkflowLatency {
  const { workflow, servers, expected, seed } = input;
  const perRequest = expected.reduce(
    (sum, { reach, fanOut, attempts }) => sum + (reach > 0 ? fanOut * attempts : 0),
    0,
  );
  const requests = Math.max(limits.least, Math.min(limits.most, Math.floor(limits.calls / Math.max(1, perRequest))));
  const played = (bound: Bound): Played => playWorkflow(workflow, servers, { seed, requests, bound });
  const value = played('value');
  const hasBounds = servers.every(({ time }) => time === null || (time.low !== null && time.high !== null));
  const isExact = servers.every(({ time }) => time === null || (time.low === 1 && time.high === 1));
  const [low, high] = isExact ? [value, value] : hasBounds ? [played('low'), played('high')] : [null, null];
  const figure = (of: (latencies: Float64Array) => Interval): Interval => ({
    value: of(value.latencyMs).value,
    low: low && of(low.latencyMs).low,
    high: high && of(high.latencyMs).high,
  });
  const total = value.latencyMs.reduce((sum, latency) => sum + latency, 0);
  return {
    meanMs: figure(meanInterval),
    p50Ms: figure((latencies) => quantileInterval(latencies.toSorted(), 0.5, { confidence: 0.95 })),
    p99Ms: figure((latencies) => quantileInterval(latencies.toSorted(), 0.99, { confidence: 0.95 })),
    samples: requests,
    steps: value.steps.map(({ done, ms, criticalMs }) => ({
      meanMs: done === 0 ? null : ms / done,
      share: total > 0 ? criticalMs / total : 0,
    })),
  };
}

/** By the central limit theorem: there are thousands. */
function meanInterval(values: Float64Array): Interval {
  const n = values.length;
  const mean = values.reduce((sum, value) => sum + value, 0) / n;
  const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (n - 1);
  const margin = z95 * Math.sqrt(variance / n);
  return { value: mean, low: mean - margin, high: mean + margin };
}
