import { ancestors } from './order-steps.ts';
import { waitedFor } from './expected-steps.ts';
import { StepPlayer } from './step-player.ts';
import type { Bound, StepRun } from './step-player.ts';
import type { StepServer } from './step-server.ts';
import type { Workflow, WorkflowStep } from './workflow.ts';

export interface PlayOptions {
  readonly seed: number;
  /** Of users. */
  readonly requests: number;
  readonly bound?: Bound;
  /** Told of every call: the step's index, and when it is made since the request's arrival. */
  readonly onCall?: (call: { readonly request: number; readonly step: number; readonly atMs: number }) => void;
}

/** Sums over all requests. */
export interface PlayedStep {
  /** Requests that did it. */
  readonly done: number;
  /** Its own time, in those. */
  readonly ms: number;
  /** Of the time of whole requests, what was spent waiting for this step. */
  readonly criticalMs: number;
  readonly calls: number;
  readonly inputTokens: number;
  readonly outputTokens: number;
}

export interface Played {
  /** Of each request. */
  readonly latencyMs: Float64Array;
  /** Calls of each request. */
  readonly calls: Float64Array;
  readonly steps: readonly PlayedStep[];
}

/**
 * Requests of users played one by one (Monte Carlo): the latency of parallel calls is that of the last one, which no
 * mean tells.
 *
 * @param servers of each step
 */
export function playWorkflow(workflow: Workflow, servers: readonly StepServer[], options: PlayOptions): Played {
  const { seed, requests, bound = 'value' } = options;
  const players = workflow.steps.map((step, index) => playerOf(step, servers[index], { seed, bound }));
  const play = new RequestPlay(workflow, players);
  const latencyMs = new Float64Array(requests);
  const calls = new Float64Array(requests);
  for (let request = 0; request < requests; request++) {
    latencyMs[request] = play.next((step, atMs) => {
      calls[request] = (calls[request] ?? 0) + 1;
      options.onCall?.({ request, step, atMs });
    });
  }
  return { latencyMs, calls, steps: play.totals };
}

function playerOf(
  step: WorkflowStep,
  server: StepServer | undefined,
  options: { readonly seed: number; readonly bound: Bound },
): StepPlayer {
  if (server === undefined) throw new RangeError(`nobody serves step ${step.name}`);
  return new StepPlayer(step, server, options);
}

interface StepState {
  isDone: boolean;
  startMs: number;
  endMs: number;
  kept: number;
  /** Index of the step that its start waited for; null for the request's arrival. */
  cause: number | null;
}

class RequestPlay {
  readonly totals: { -readonly [Key in keyof PlayedStep]: number }[];
  readonly #workflow: Workflow;
  readonly #players: readonly StepPlayer[];
  readonly #before: readonly (readonly number[])[];
  readonly #states: StepState[];

  constructor(workflow: Workflow, players: readonly StepPlayer[]) {
    this.#workflow = workflow;
    this.#players = players;
    const after = workflow.steps.map((step) => step.after);
    this.#before = ancestors(after, workflow.order).map((earlier) => [...earlier]);
    this.#states = workflow.steps.map(() => ({ isDone: false, startMs: 0, endMs: 0, kept: 0, cause: null }));
    this.totals = workflow.steps.map(() => ({
      done: 0,
      ms: 0,
      criticalMs: 0,
      calls: 0,
      inputTokens: 0,
      outputTokens: 0,
    }));
  }

  /** @returns milliseconds from a request's arrival to its answer, when all steps have ended */
  next(onCall: (step: number, atMs: number) => void): number {
    for (const index of this.#workflow.order) this.#step(index, onCall);
    const last = this.#lastOf(this.#workflow.order);
    const latencyMs = last === null ? 0 : this.#endOf(last);
    for (let at = last; at !== null; at = this.#states[at]?.cause ?? null) this.#blame(at);
    return latencyMs;
  }

  #step(index: number, onCall: (step: number, atMs: number) => void): void {
    const { steps } = this.#workflow;
    const step = steps[index];
    const player = this.#players[index];
    const state = this.#states[index];
    if (step === undefined || player === undefined || state === undefined) return;
    // The coin is tossed in any case, so that one step's chance changes no other's.
    const isTossed = player.comesUp();
    state.isDone = isTossed && step.when.every((needed) => this.#states[needed]?.isDone === true);
    state.cause = this.#causeOf(step);
    state.startMs = state.cause === null ? 0 : this.#endOf(state.cause);
    state.endMs = state.startMs;
    state.kept = 0;
    if (!state.isDone) return;
    const run = player.play(this.#context(index));
    state.endMs += run.ms;
    state.kept = run.kept;
    for (const atMs of player.callsAtMs) onCall(index, state.startMs + atMs);
    this.#count(index, run);
  }

  /** The step whose end lets this one start. Steps that were passed by are waited for only where there are no others. */
  #causeOf({ after, await: join }: WorkflowStep): number | null {
    const done = join === 'all' ? [] : after.filter((earlier) => this.#states[earlier]?.isDone === true);
    if (done.length === 0) return this.#lastOf(after);
    const byEnd = done.toSorted((one, other) => this.#endOf(one) - this.#endOf(other));
    return byEnd[waitedFor(join, byEnd.length) - 1] ?? null;
  }

  #lastOf(indices: readonly number[]): number | null {
    let last: number | null = null;
    for (const index of indices) if (last === null || this.#endOf(index) > this.#endOf(last)) last = index;
    return last;
  }

  #context(index: number): number {
    return (this.#before[index] ?? []).reduce((tokens, earlier) => tokens + (this.#states[earlier]?.kept ?? 0), 0);
  }

  #endOf(index: number): number {
    return this.#states[index]?.endMs ?? 0;
  }

  #count(index: number, run: StepRun): void {
    const total = this.totals[index];
    if (total === undefined) return;
    total.done += 1;
    total.ms += run.ms;
    total.calls += run.calls;
    total.inputTokens += run.inputTokens;
    total.outputTokens += run.outputTokens;
  }

  #blame(index: number): void {
    const total = this.totals[index];
    const state = this.#states[index];
    if (total !== undefined && state !== undefined) total.criticalMs += state.endMs - state.startMs;
  }
}
