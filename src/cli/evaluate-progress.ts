import type { EvaluateEvent } from '../commands/evaluate-event.ts';
import { count, formatMs, formatNumber, formatWhole } from '../report/units.ts';
import type { Io } from './io.ts';
import { startSpinner } from './spinner.ts';

export interface EvaluateProgress {
  readonly onEvent: (event: EvaluateEvent) => void;
  readonly stop: () => void;
}

/** Draws a running `infer evaluate` on a terminal. */
export async function evaluateProgress(io: Io, quiet: boolean): Promise<EvaluateProgress> {
  const spinner = quiet ? null : await startSpinner(io, 'reading the model');
  return {
    onEvent: (event) => spinner?.say(describeEvaluateEvent(event)),
    stop: () => spinner?.stop(),
  };
}

/** What is going on, in a line. */
export function describeEvaluateEvent(event: EvaluateEvent): string {
  switch (event.kind) {
    case 'loading':
      return `loading ${event.model}`;
    case 'opening':
      return `opening ${event.path}`;
    case 'samples':
      return samplesText(event);
  }
}

function samplesText({ done, of, elapsedMs }: Extract<EvaluateEvent, { kind: 'samples' }>): string {
  const progress = `${formatWhole(done)} of ${count(of, 'sample')}`;
  if (elapsedMs <= 0 || done === 0) return progress;
  const left = done < of ? `, about ${formatMs((elapsedMs * (of - done)) / done)} left` : '';
  return `${progress}, ${formatNumber((1000 * done) / elapsedMs)} a second${left}`;
}
