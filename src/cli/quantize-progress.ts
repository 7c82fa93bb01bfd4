import type { QuantizeEvent } from '../commands/quantize-event.ts';
import { count, formatWhole } from '../report/units.ts';
import { describeBenchEvent } from './bench-progress.ts';
import type { Io } from './io.ts';
import { startSpinner } from './spinner.ts';

export interface QuantizeProgress {
  readonly onEvent: (event: QuantizeEvent) => void;
  readonly stop: () => void;
}

/** Draws a running `infer quantize` on a terminal. */
export async function quantizeProgress(io: Io, quiet: boolean): Promise<QuantizeProgress> {
  const spinner = quiet ? null : await startSpinner(io, 'reading the model');
  return {
    onEvent: (event) => {
      const text = describeQuantizeEvent(event);
      if (text !== null) spinner?.say(text);
    },
    stop: () => spinner?.stop(),
  };
}

/** What is going on, in a line; null where nothing new is to be said. */
export function describeQuantizeEvent(event: QuantizeEvent): string | null {
  switch (event.kind) {
    case 'pass':
      return `${event.pass}: ${count(event.nodes, 'node')}`;
    case 'calibrating':
      return `calibrating: ${event.pass === 1 ? 'extremes' : 'histograms'} of ${partOf(event, 'sample')}`;
    case 'quantizing':
      return `quantizing ${event.node}: ${partOf(event, 'node')}`;
    case 'candidate':
      return `candidate ${event.index} of ${event.of}: ${event.name}`;
    case 'profiling':
      return `profiling ${event.name}`;
    case 'sensitivity':
      return `trying nodes one by one: ${partOf(event, 'node')}`;
    case 'evaluating':
      return `evaluating ${event.name}: ${partOf(event, 'sample')}`;
    case 'bench':
      return describeBenchEvent(event.event);
    case 'saving':
      return `writing ${event.path}`;
  }
}

function partOf({ done, of }: { readonly done: number; readonly of: number }, noun: string): string {
  return `${formatWhole(done)} of ${count(of, noun)}`;
}
