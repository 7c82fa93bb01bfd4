import type { CostEvent } from '../commands/cost-event.ts';
import { describeBenchEvent, tellPlan } from './bench-progress.ts';
import type { Io } from './io.ts';
import { startSpinner } from './spinner.ts';

export interface CostProgress {
  readonly onEvent: (event: CostEvent) => void;
  readonly stop: () => void;
}

/** Draws a running `infer cost` on stderr: a spinner on a terminal, the plan of what is measured elsewhere. */
export async function costProgress(io: Io, quiet: boolean): Promise<CostProgress> {
  if (quiet) return { onEvent: () => undefined, stop: () => undefined };
  const remark = (text: string) => io.stderr.write(`${text}\n`);
  const spinner = await startSpinner(io, 'reading the results');
  return {
    onEvent: (event) => {
      if (event.kind === 'planned') spinner?.clear();
      const text = describeCostEvent(event);
      if (text !== null) spinner?.say(text);
      if (event.kind !== 'projecting') tellPlan(remark)(event);
    },
    stop: () => spinner?.stop(),
  };
}

/** What is going on, in a line; null where nothing new is to be said. */
export function describeCostEvent(event: CostEvent): string | null {
  if (event.kind !== 'projecting') return describeBenchEvent(event);
  return `working out fleets for ${event.curves === 1 ? '1 curve' : `${event.curves} curves`}`;
}
