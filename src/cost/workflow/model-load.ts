import type { ArrivalPattern, Load } from '../load.ts';
import { unitArrivals } from '../../stats/arrivals.ts';
import type { ExpectedStep } from './expected-steps.ts';
import { itemsOfStep } from './model-server.ts';
import type { ServedModel } from './model-server.ts';
import { playWorkflow } from './play-workflow.ts';
import type { StepServer } from './step-server.ts';
import type { Workflow, WorkflowStep } from './workflow.ts';

export interface ModelLoadInput {
  readonly workflow: Workflow;
  readonly expected: readonly ExpectedStep[];
  /** Of each step, for when its calls come. */
  readonly servers: readonly StepServer[];
  readonly model: ServedModel;
  /** Indices of the steps that the model serves. */
  readonly steps: readonly number[];
  /** Of users. */
  readonly load: Load;
  readonly seed: number;
}

/** Calls that a trace of them holds at least. */
const tracedCalls = 20_000;

/**
 * What the requests of users ask of one model. Calls that a request makes at once arrive at once: a fleet for as many
 * that come by chance would be too small.
 */
export function modelLoad(input: ModelLoadInput): Load {
  const { load } = input;
  const items = itemsPerRequest(input);
  return {
    meanPerSecond: load.meanPerSecond * items,
    peakPerSecond: load.peakPerSecond * items,
    requestsPerMonth: load.requestsPerMonth * items,
    hourly: load.hourly,
    arrivals: isPlain(input) ? load.arrivals : bursts(input),
    // Requests that it answers make no calls.
    cacheHit: 0,
  };
}

function itemsPerRequest({ workflow, expected, model, steps }: ModelLoadInput): number {
  return steps.reduce((sum, index) => {
    const step = workflow.steps[index];
    const calls = expected[index];
    if (step === undefined || calls === undefined) return sum;
    const items = itemsOfStep(step, model);
    const ofTokens = calls.inputTokens * items.perInputToken + calls.outputTokens * items.perOutputToken;
    return sum + calls.calls * items.perCall + ofTokens;
  }, 0);
}

/** One call of a request at most: then calls come as the requests do. */
function isPlain({ workflow, steps }: ModelLoadInput): boolean {
  const [first, ...others] = steps.map((index) => workflow.steps[index]);
  return others.length === 0 && (first === undefined || (first.fanOut.max === 1 && !isRetried(first)));
}

function isRetried({ retries }: WorkflowStep): boolean {
  return retries.probability > 0 && retries.max > 0;
}

/** Requests of users that arrive as they do in the busiest hour, and the calls to the model that they set off. */
function bursts({ workflow, expected, servers, steps, load, seed }: ModelLoadInput): ArrivalPattern {
  const calls = steps.reduce((sum, index) => sum + (expected[index]?.calls ?? 0), 0);
  // `expected` leaves out the requests that a cache answers, and here all of them arrive.
  const reaching = 1 - load.cacheHit;
  const requests = Math.min(tracedCalls, Math.max(1000, Math.ceil((tracedCalls * reaching) / Math.max(calls, 1e-9))));
  const gapMs = 1000 / (load.peakPerSecond * reaching);
  const arrivals = unitArrivals(load.arrivals, requests, seed);
  const wanted = new Set(steps);
  const timesMs: number[] = [];
  playWorkflow(workflow, servers, {
    seed,
    requests,
    onCall: ({ request, step, atMs }) => {
      if (wanted.has(step)) timesMs.push((arrivals[request] ?? 0) * gapMs + atMs);
    },
  });
  const sorted = Float64Array.from(timesMs).toSorted();
  const [start = 0] = sorted;
  // Steps that are hardly ever done leave too few to play.
  if (sorted.length < 2 || sorted.at(-1) === start) return load.arrivals;
  return { kind: 'trace', timesMs: sorted.map((time) => time - start), path: workflow.path };
}
