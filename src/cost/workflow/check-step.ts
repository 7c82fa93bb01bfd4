import type { Join, Spread, WorkflowStep } from './workflow.ts';
import { workflowError } from './workflow-error.ts';
import type { StepText } from './workflow-schema.ts';

interface Checked {
  readonly text: StepText;
  readonly step: WorkflowStep;
}

type Problem = readonly [key: string, problem: string];

/** @throws DataError for keys of a step that make no sense together, which a schema of single keys does not see */
export function checkStep(checked: Checked, path: string): void {
  const [problem] = checks.flatMap((check) => check(checked));
  if (problem === undefined) return;
  throw workflowError(path, { step: checked.text.name, key: problem[0], problem: problem[1] });
}

const checks: readonly ((checked: Checked) => readonly Problem[])[] = [served, tokens, times, fanOut, joins];

function served({ text: { model, api, latencyMs, usd, cached, output } }: Checked): readonly Problem[] {
  if (model !== undefined && api !== undefined)
    return [['api', "there is a 'model' too, and one answers: leave one out"]];
  const isTool = model === undefined && api === undefined;
  if (isTool && latencyMs === undefined && usd === 0 && output === 0)
    return [['', 'it does nothing: give a model, an api, or a latencyMs, usd or output']];
  if (model !== undefined && latencyMs !== undefined)
    return [['latencyMs', "a model's time is the measured one: leave it out"]];
  if (cached !== undefined && api === undefined)
    return [['cached', 'it is for an api, which sells cached input for less: leave it out']];
  return [];
}

function tokens({ text, step }: Checked): readonly Problem[] {
  if (step.served.kind === 'tool' && (text.input !== 0 || step.accumulates))
    return [[step.accumulates ? 'context' : 'input', 'a tool reads no tokens: leave it out, or name its model or api']];
  const zero = (['input', 'output'] as const).find((key) => isVaryingZero(step[key]));
  return zero === undefined ? [] : [[zero, 'what cannot fall below 0 cannot vary around 0']];
}

function times({ step: { latencyMs } }: Checked): readonly Problem[] {
  if (latencyMs === null || latencyMs.kind === 'fixed') return [];
  if (isVaryingZero(latencyMs)) return [['latencyMs', 'what cannot fall below 0 cannot vary around 0']];
  const isUpsideDown = latencyMs.kind === 'quantiles' && latencyMs.p99 < latencyMs.p50;
  return isUpsideDown ? [['latencyMs', 'its p99 is below its p50']] : [];
}

function isVaryingZero(spread: Spread): boolean {
  return (spread.kind === 'mean' && spread.mean === 0) || (spread.kind === 'quantiles' && spread.p50 === 0);
}

function fanOut({ step: { fanOut, isParallel, join } }: Checked): readonly Problem[] {
  if (fanOut.max < fanOut.min) return [['fanOut', 'its max is below its min']];
  if (join === 'all') return [];
  if (fanOut.max === 1)
    return [['join', "it is about the step's own calls, of which there is one; 'await' is about the steps before"]];
  if (!isParallel)
    return [['join', 'one after another, all calls are waited for: leave it out, or make them parallel']];
  return tooMany(join, fanOut.min) ? [['join', `there may be ${fanOut.min} calls only: wait for fewer`]] : [];
}

function joins({ step }: Checked): readonly Problem[] {
  const { after } = step;
  if (step.await === 'all') return [];
  if (after.length < 2)
    return [
      [
        'await',
        `it is about several steps before, of which there is ${after.length === 1 ? 'one' : 'none'}: leave it out`,
      ],
    ];
  return tooMany(step.await, after.length)
    ? [['await', `it comes after ${after.length} steps only: wait for fewer`]]
    : [];
}

function tooMany(join: Join, there: number): boolean {
  return typeof join === 'object' && join.quorum > there;
}
