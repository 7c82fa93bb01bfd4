import type { BenchEvent } from '../bench/bench-event.ts';
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
  return `${points}, at least ${event.rounds} rounds of ${event.runs} runs or more: about ${estimate}${over}${most}`;
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
    case 'planned':
      return null;
  }
}
