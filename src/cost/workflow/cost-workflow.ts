import { dependentSum, exactly, scaledInterval } from '../../stats/combined-interval.ts';
import type { Interval } from '../../stats/interval.ts';
import type { TokenPrice } from '../catalog/catalog.ts';
import type { CostedModel, CostOption, WorkflowCost } from '../cost-result.ts';
import type { CostWarning } from '../cost-warning.ts';
import type { MeasuredCurve } from '../fleet/measured-curve.ts';
import type { Load } from '../load.ts';
import { expectedSteps } from './expected-steps.ts';
import type { ExpectedStep } from './expected-steps.ts';
import { serveSteps } from './serve-steps.ts';
import type { StepServer } from './step-server.ts';
import { stepsWithoutTime, workflowLatency } from './workflow-latency.ts';
import type { WorkflowLatency } from './workflow-latency.ts';
import type { Workflow } from './workflow.ts';

export interface WorkflowInput {
  readonly workflow: Workflow;
  readonly models: readonly CostedModel[];
  /** All of them: options point into them. */
  readonly curves: readonly MeasuredCurve[];
  readonly tokenPrices: readonly TokenPrice[];
  /** Ranked options of one model (its index) under a load; without one, at the target utilization. */
  readonly optionsOf: (modelIndex: number, load: Load | null) => readonly CostOption[];
  /** Of users; null for costs a request alone. */
  readonly load: Load | null;
  readonly seed: number;
}

export interface CostedWorkflow {
  readonly cost: WorkflowCost;
  readonly warnings: readonly CostWarning[];
  /** What serves the models among its steps. */
  readonly options: readonly CostOption[];
}

/**
 * What one request of a user costs and how long it takes when it sets off the steps of a workflow. Each model gets the
 * fleet that the calls of all its steps need, bursts included. Requests that a cache answers count and cost nothing;
 * the latency is that of the others.
 *
 * @throws DataError for a model or an API that nobody knows, UsageError where no machine serves a model
 */
export function costWorkflow(input: WorkflowInput): CostedWorkflow {
  const { workflow, load, seed } = input;
  const expected = expectedSteps(workflow, 1 - (load?.cacheHit ?? 0));
  const { servers, options } = serveSteps(input, expected);
  const played = { workflow, servers, expected, seed };
  const unknown = stepsWithoutTime(played);
  const latency = unknown.length === 0 ? workflowLatency(played) : null;
  const usd = expected.map((step, index) => usdOf(step, servers[index]));
  const usdPerRequest = dependentSum(usd);
  return {
    cost: {
      path: workflow.path,
      callsPerRequest: exactly(total(expected, ({ calls }) => calls)),
      inputTokensPerRequest: total(expected, ({ inputTokens }) => inputTokens),
      outputTokensPerRequest: total(modelSteps(workflow, expected), ({ outputTokens }) => outputTokens),
      usdPerRequest,
      monthlyUsd: load && scaledInterval(usdPerRequest, load.requestsPerMonth),
      latencyMs: latency && { meanMs: latency.meanMs, p50Ms: latency.p50Ms, p99Ms: latency.p99Ms },
      samples: latency?.samples ?? 0,
      steps: stepCosts({ workflow, expected, servers, usd, usdPerRequest, latency }),
    },
    warnings: unknown.length === 0 ? [] : [warningOf(workflow, unknown)],
    options,
  };
}

/** A tool's output is text for later steps: nobody is paid for its tokens. */
function modelSteps({ steps }: Workflow, expected: readonly ExpectedStep[]): readonly ExpectedStep[] {
  return expected.filter((_, index) => steps[index]?.served.kind !== 'tool');
}

function total(steps: readonly ExpectedStep[], of: (step: ExpectedStep) => number): number {
  return steps.reduce((sum, step) => sum + of(step), 0);
}

function warningOf({ path }: Workflow, steps: readonly string[]): CostWarning {
  return { code: 'workflow-latency-unknown', details: { path, steps } };
}

function usdOf({ calls, inputTokens, outputTokens }: ExpectedStep, server: StepServer | undefined): Interval {
  if (server === undefined) return exactly(0);
  return dependentSum([
    scaledInterval(server.usdPerCall, calls),
    scaledInterval(server.usdPerInputToken, inputTokens),
    scaledInterval(server.usdPerOutputToken, outputTokens),
  ]);
}

interface Costed {
  readonly workflow: Workflow;
  readonly expected: readonly ExpectedStep[];
  readonly servers: readonly StepServer[];
  readonly usd: readonly Interval[];
  readonly usdPerRequest: Interval;
  readonly latency: WorkflowLatency | null;
}

function stepCosts({ workflow, expected, servers, usd, usdPerRequest, latency }: Costed): WorkflowCost['steps'] {
  return workflow.steps.flatMap((step, index) => {
    const server = servers[index];
    const ofStep = expected[index];
    const cost = usd[index];
    if (server === undefined || ofStep === undefined || cost === undefined) return [];
    const isTool = step.served.kind === 'tool';
    return [
      {
        name: step.name,
        serves: server.serves,
        priceDate: server.priceDate,
        reach: ofStep.reach,
        fanOut: ofStep.fanOut,
        retryProbability: step.retries.probability,
        maxRetries: step.retries.max,
        calls: ofStep.calls,
        inputTokens: ofStep.inputTokens,
        outputTokens: isTool ? 0 : ofStep.outputTokens,
        usd: cost,
        share: usdPerRequest.value > 0 ? cost.value / usdPerRequest.value : 0,
        meanMs: latency?.steps[index]?.meanMs ?? null,
        latencyShare: latency?.steps[index]?.share ?? null,
      },
    ];
  });
}
