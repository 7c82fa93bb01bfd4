import type { OptimizeEvent } from '../commands/optimize-event.ts';
import { describeBenchEvent } from './bench-progress.ts';
import type { Io } from './io.ts';
import { startSpinner } from './spinner.ts';

export interface OptimizeProgress {
  readonly onEvent: (event: OptimizeEvent) => void;
  readonly stop: () => void;
}

/** Draws a running `infer optimize` on a terminal. */
export async function optimizeProgress(io: Io, quiet: boolean): Promise<OptimizeProgress> {
  const spinner = quiet ? null : await startSpinner(io, 'reading the model');
  return {
    onEvent: (event) => {
      const text = describe(event);
      if (text !== null) spinner?.say(text);
    },
    stop: () => spinner?.stop(),
  };
}

function describe(event: OptimizeEvent): string | null {
  switch (event.kind) {
    case 'pass':
      return `${event.pass}: ${event.nodes} nodes`;
    case 'verifying':
      return 'comparing the outputs of both models';
    case 'saving':
      return `writing ${event.path}`;
    case 'bench':
      return describeBenchEvent(event.event);
  }
}
