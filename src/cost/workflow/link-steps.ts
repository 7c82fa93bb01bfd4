import { orderSteps } from './order-steps.ts';
import { checkStep } from './check-step.ts';
import type { Amount, Join, Served, Spread, Workflow, WorkflowStep } from './workflow.ts';
import { workflowError } from './workflow-error.ts';
import type { StepText, TimeText, TokensText } from './workflow-schema.ts';

/**
 * Steps that name one another into steps that know one another. A step without `after` comes after the one above it.
 *
 * @throws DataError for what no single step shows: names twice or unknown, cycles
 */
export function linkSteps(texts: readonly StepText[], path: string): Workflow {
  const names = texts.map(({ name }) => name);
  names.forEach((name, index) => {
    if (names.indexOf(name) !== index)
      throw workflowError(path, {
        step: name,
        key: 'name',
        problem: 'an earlier step has this name; give each its own',
      });
  });
  const steps = texts.map((text, index) => linkStep({ text, index, names }, path));
  const { order, cycle } = orderSteps(steps.map(({ after }) => after));
  const [start] = cycle;
  if (start === undefined) return { path, steps, order };
  const circle = cycle.map((index) => names[index]).join(' → ');
  throw workflowError(path, {
    step: names[start] ?? '',
    key: 'after',
    problem: `these steps wait for one another: ${circle}; leave one out`,
  });
}

interface Linking {
  readonly text: StepText;
  readonly index: number;
  readonly names: readonly string[];
}

function linkStep({ text, index, names }: Linking, path: string): WorkflowStep {
  const indicesOf = (key: 'after' | 'when'): readonly number[] =>
    (text[key] ?? []).map((name) => {
      const found = names.indexOf(name);
      const known = names.filter((other) => other !== text.name);
      if (found !== -1) return found;
      throw workflowError(path, { step: text.name, key, problem: `there is no step '${name}'`, value: name, known });
    });
  const when = [...new Set(indicesOf('when'))];
  const before = text.after === undefined ? (index === 0 ? [] : [index - 1]) : indicesOf('after');
  const step: WorkflowStep = {
    name: text.name,
    served: servedBy(text),
    input: amount(text.input),
    output: amount(text.output),
    accumulates: text.context === 'accumulate',
    fanOut: typeof text.fanOut === 'number' ? { min: text.fanOut, max: text.fanOut } : text.fanOut,
    isParallel: text.parallel,
    join: simplest(text.join),
    retries: text.retries,
    probability: text.probability,
    after: [...new Set([...before, ...when])],
    await: simplest(text.await),
    when,
    latencyMs: text.latencyMs === undefined ? null : spread(text.latencyMs),
    usdPerCall: text.usd,
  };
  checkStep({ text, step }, path);
  return step;
}

function servedBy({ model, api, cached = 0 }: StepText): Served {
  if (model !== undefined) return { kind: 'model', name: model };
  return api === undefined ? { kind: 'tool' } : { kind: 'api', name: api, cachedShare: cached };
}

function amount(text: TokensText): Amount {
  if (typeof text === 'number') return { kind: 'fixed', value: text };
  if (text.sd === 0) return { kind: 'fixed', value: text.mean };
  return { kind: 'mean', mean: text.mean, deviation: text.sd };
}

function spread(text: TimeText): Spread {
  if (typeof text === 'number' || !('p50' in text)) return amount(text);
  return { kind: 'quantiles', p50: text.p50, p99: text.p99 };
}

/** The first of several is a quorum of one, as it is in every respect. */
function simplest(join: Join): Join {
  return typeof join === 'object' && join.quorum === 1 ? 'any' : join;
}
