import { ancestors } from './order-steps.ts';
import { meanOf } from './spread.ts';
import type { Join, Workflow, WorkflowStep } from './workflow.ts';

/** Of one request of a user, on average. */
export interface ExpectedStep {
  /** Probability that the step is done. */
  readonly reach: number;
  /** Calls that it is meant to make where it is done. */
  readonly fanOut: number;
  /** Times that one of them is made, failures included. */
  readonly attempts: number;
  /** `reach · fanOut · attempts` */
  readonly calls: number;
  /** Read and written by all of its calls. */
  readonly inputTokens: number;
  readonly outputTokens: number;
}

/**
 * What a request sets off, in closed form: a step makes P(reach) · n · (1 - q^(r+1)) / (1 - q) calls for n calls that
 * each fail with probability q and are made again at most r times. Means of products are products of means here, for
 * whether steps are done, fan-outs, failures and tokens are drawn independently.
 *
 * @param arriving share of requests that come to the first step, for a cache may answer the others
 */
export function expectedSteps({ steps, order }: Workflow, arriving = 1): readonly ExpectedStep[] {
  const before = ancestors(
    steps.map(({ after }) => after),
    order,
  );
  const conditions = conditionsOf(steps, order);
  return steps.map((step, index) => {
    const own = conditions[index] ?? new Set();
    const reach = arriving * likelihood(steps, own);
    const fanOut = meanFanOut(step);
    const attempts = meanAttempts(step);
    const calls = reach * fanOut * attempts;
    const context = [...(before[index] ?? [])].reduce((tokens, earlier) => {
      // That the earlier step was done too, given that this one is.
      const further = new Set([...(conditions[earlier] ?? [])].filter((condition) => !own.has(condition)));
      return tokens + likelihood(steps, further) * keptTokens(steps[earlier]);
    }, 0);
    const read = step.accumulates ? fanOut * context + loopTokens(step) : 0;
    return {
      reach,
      fanOut,
      attempts,
      calls,
      inputTokens: calls * meanOf(step.input) + reach * attempts * read,
      outputTokens: calls * meanOf(step.output),
    };
  });
}

/** For each step, those whose own probability decides whether it is done: itself, and all that it is conditional on. */
function conditionsOf(steps: readonly WorkflowStep[], order: readonly number[]): readonly ReadonlySet<number>[] {
  const found = steps.map(() => new Set<number>());
  for (const index of order) {
    found[index]?.add(index);
    for (const needed of steps[index]?.when ?? [])
      for (const condition of found[needed] ?? []) found[index]?.add(condition);
  }
  return found;
}

function likelihood(steps: readonly WorkflowStep[], conditions: ReadonlySet<number>): number {
  return [...conditions].reduce((product, index) => product * (steps[index]?.probability ?? 1), 1);
}

function meanFanOut({ fanOut: { min, max } }: WorkflowStep): number {
  return (min + max) / 2;
}

/** 1 + q + … + q^r, which is (1 - q^(r+1)) / (1 - q), and whole where a call always fails. */
function meanAttempts({ retries: { probability, max } }: WorkflowStep): number {
  let attempts = 1;
  for (let retry = 1; retry <= max; retry++) attempts += probability ** retry;
  return attempts;
}

/** Tokens that a step leaves to later ones: what the calls wrote that were waited for. */
function keptTokens(step: WorkflowStep | undefined): number {
  if (step === undefined) return 0;
  const { fanOut, join } = step;
  return meanOf(step.output) * (join === 'all' ? meanFanOut(step) : waitedFor(join, fanOut.min));
}

/** How many of `count` a join waits for. */
export function waitedFor(join: Join, count: number): number {
  if (join === 'all') return count;
  return join === 'any' ? Math.min(1, count) : Math.min(join.quorum, count);
}

/**
 * What the calls of a loop read of its earlier calls: of n calls the k-th reads k - 1 answers, n (n - 1) / 2 in all. With
 * n spread evenly over a … b, the mean of n² is the variance ((b - a + 1)² - 1) / 12 and the square of the mean.
 */
function loopTokens(step: WorkflowStep): number {
  if (step.isParallel) return 0;
  const { min, max } = step.fanOut;
  const mean = meanFanOut(step);
  const square = ((max - min + 1) ** 2 - 1) / 12 + mean ** 2;
  return (meanOf(step.output) * (square - mean)) / 2;
}
