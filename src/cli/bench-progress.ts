import type { BenchEvent } from '../bench/bench-event.ts';
import { formatNumber } from '../report/units.ts';
import { defaultDurationMs } from '../commands/bench-vocabulary.ts';
import type { Io } from './io.ts';
import { startSpinner } from './spinner.ts';

export interface BenchProgress {
  readonly onEvent: (event: BenchEvent) => void;
  /** A line beside the progress, on stderr. */
  readonly remark: (text: string) => void;
  readonly stop: () => void;
}

/** Draws a running bench on stderr: a spinner on a terminal, the plan in one line elsewhere, nothing when quiet. */
export async function benchProgress(io: Io, quiet: boolean): Promise<BenchProgress> {
  if (quiet) return { onEvent: () => undefined, remark: () => undefined, stop: () => undefined };
  const remark = (text: string) => io.stderr.write(`${text}\n`);
  const spinner = await startSpinner(io, 'reading the models');
  if (spinner === null) return { onEvent: tellPlan(remark), remark, stop: () => undefined };
  return {
    onEvent: (event) => {
      if (event.kind === 'planned') spinner.clear();
      tellPlan(remark)(event);
      const text = describeBenchEvent(event);
      if (text !== null) spinner.say(text);
    },
    remark: (text) => {
      spinner.clear();
      remark(text);
    },
    stop: () => spinner.stop(),
  };
}

/** Says what is going to be measured, before it is. */
export function tellPlan(remark: (text: string) => void): (event: BenchEvent) => void {
  return (event) => {
    if (event.kind === 'planned' && event.points > 0) remark(describePlan(event));
  };
}

function describePlan(event: Extract<BenchEvent, { kind: 'planned' }>): string {
  const estimate = seconds(event.estimatedMs);
  const over = event.estimatedMs > event.budgetMs ? `, more than the budget of ${seconds(event.budgetMs)}` : '';
  const most =
    event.estimatedMs > event.budgetMs || event.budgetIsHard
      ? ''
      : `, up to ${seconds(event.budgetMs)} for the wanted precision`;
  const points = event.points === 1 ? '1 point' : `${event.points} points`;
  return `${points}, at least ${event.rounds} rounds of ${event.runs} runs or more: about ${estimate}${over}${most}${describeLoads(event)}`;
}

/** A search takes the start, a doubling, six halvings of the bracket and two checks, one of them twice as long. */
const searchLengths = 11;

function describeLoads({ load, points }: Extract<BenchEvent, { kind: 'planned' }>): string {
  if (load === undefined) return '';
  const { rates, findMax, durationMs, arrivals } = load;
  const length = durationMs ?? (arrivals.kind === 'trace' ? null : defaultDurationMs);
  const runs = (rates.length + (findMax ? searchLengths : 0)) * points;
  const what = [
    ...(rates.length === 0 ? [] : [rates.length === 1 ? '1 rate' : `${rates.length} rates`]),
    ...(findMax ? ['a search'] : []),
  ].join(' and ');
  const time = length === null ? 'as long as the trace' : `about ${seconds(runs * length)}`;
  return `; then ${what} under load${points === 1 ? '' : ' at each point'}, ${time}`;
}

function describeLoad({ point, step }: Extract<BenchEvent, { kind: 'load' }>): string {
  const where = `${point.ep}${point.batch === null ? '' : ` batch ${point.batch}`}, ${point.threads} threads`;
  const rate = step.perSecond === null ? 'as much as it takes' : `${formatNumber(step.perSecond)}/s`;
  if (step.kind === 'rate')
    return `load ${step.done + 1} of ${step.of}, ${rate} for ${seconds(step.lengthMs)}: ${where}`;
  const { value = null, high = null } = step.bracket ?? {};
  const from = value === null ? '' : `, ${formatNumber(value)}/s meets the objective`;
  const to = high === null ? '' : `, ${formatNumber(high)}/s does not`;
  return `searching, ${rate} for ${seconds(step.lengthMs)}${from}${to}: ${where}`;
}

function seconds(ms: number): string {
  return ms < 10_000 ? `${(ms / 1000).toFixed(1)} s` : `${Math.round(ms / 1000)} s`;
}

/** What is going on, in a line; null where nothing new is to be said. */
export function describeBenchEvent(event: BenchEvent): string | null {
  switch (event.kind) {
    case 'probing':
      return `trying ${event.model} on ${event.ep}`;
    case 'block': {
      const { point } = event;
      const batch = point.batch === null ? '' : ` batch ${point.batch}`;
      return `round ${event.round + 1}, block ${event.done + 1} of ${event.of}: ${point.ep}${batch}, ${point.threads} threads`;
    }
    case 'round':
      return event.worstPrecision === null
        ? null
        : `round ${event.round + 1} done, widest interval ±${(100 * event.worstPrecision).toFixed(1)} %`;
    case 'load':
      return describeLoad(event);
    case 'planned':
    case 'loaded':
      return null;
  }
}
