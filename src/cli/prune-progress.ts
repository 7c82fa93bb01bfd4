import type { PruneEvent } from '../commands/prune-event.ts';
import { count, formatWhole } from '../report/units.ts';
import { describeBenchEvent } from './bench-progress.ts';
import { describeDistillEvent } from './distill-progress.ts';
import type { Io } from './io.ts';
import { startSpinner } from './spinner.ts';

export interface PruneProgress {
  readonly onEvent: (event: PruneEvent) => void;
  readonly stop: () => void;
}

/** Draws a running `infer prune` on a terminal. */
export async function pruneProgress(io: Io, quiet: boolean): Promise<PruneProgress> {
  const spinner = quiet ? null : await startSpinner(io, 'reading the model');
  return {
    onEvent: (event) => {
      const text = describePruneEvent(event);
      if (text !== null) spinner?.say(text);
    },
    stop: () => spinner?.stop(),
  };
}

/** What is going on, in a line; null where nothing new is to be said. */
export function describePruneEvent(event: PruneEvent): string | null {
  switch (event.kind) {
    case 'pass':
      return `${event.pass}: ${count(event.nodes, 'node')}`;
    case 'grouping':
      return 'finding what can only go together';
    case 'scoring':
      return `scoring: ${partOf(event, 'sample')}`;
    case 'sensitivity':
      return `trying groups one by one: ${partOf(event, 'trial')}`;
    case 'reconstructing':
      return `refitting ${event.node}: ${partOf(event, 'layer')}`;
    case 'candidate':
      return `candidate ${event.index} of ${event.of}: ${event.name}`;
    case 'profiling':
      return `profiling ${event.name}`;
    case 'evaluating':
      return `evaluating ${event.name}: ${partOf(event, 'sample')}`;
    case 'distilling':
      return distillText(event.event);
    case 'bench':
      return describeBenchEvent(event.event);
    case 'saving':
      return `writing ${event.path}`;
  }
}

function distillText(event: Extract<PruneEvent, { kind: 'distilling' }>['event']): string | null {
  const text = describeDistillEvent(event);
  return text === null ? null : `distilling: ${text}`;
}

/** `of` is 0 where nobody counted. */
function partOf({ done, of }: { readonly done: number; readonly of: number }, noun: string): string {
  return of === 0 ? count(done, noun) : `${formatWhole(done)} of ${count(of, noun)}`;
}
