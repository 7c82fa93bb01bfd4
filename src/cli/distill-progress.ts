import type { DistillContext } from '../commands/distill.ts';
import { count, formatBytes, formatMagnitude, formatMs, formatNumber } from '../report/units.ts';
import type { Io } from './io.ts';
import { startSpinner } from './spinner.ts';

type Event = Parameters<DistillContext['onEvent']>[0];

export interface DistillProgress {
  readonly onEvent: (event: Event) => void;
  readonly stop: () => void;
}

/** Draws a running distillation on stderr: a line for the plan and each epoch, between them a spinner on a terminal. */
export async function distillProgress(io: Io, quiet: boolean): Promise<DistillProgress> {
  if (quiet) return { onEvent: () => undefined, stop: () => undefined };
  const spinner = await startSpinner(io, 'reading the models');
  return {
    onEvent: (event) => {
      const line = lineOf(event);
      if (line !== null) {
        spinner?.clear();
        io.stderr.write(`${line}\n`);
      }
      const text = describeDistillEvent(event);
      if (text !== null) spinner?.say(text);
    },
    stop: () => spinner?.stop(),
  };
}

/** What stays on the screen. */
function lineOf(event: Event): string | null {
  if (event.kind === 'planned') return planText(event);
  if (event.kind !== 'epoch') return null;
  const { record, epochs, isBest, metric } = event;
  const { epoch, trainLoss, heldOutLoss, elapsedMs } = record;
  const figures = `loss ${formatNumber(trainLoss)}, held out ${formatNumber(heldOutLoss)}, ${metric} ${record.metric.toFixed(4)}`;
  return `epoch ${epoch} of ${epochs}: ${figures}${isBest ? ', the best so far' : ''}, ${formatMs(elapsedMs)}`;
}

function planText({ settings, memory, parameters, resumedFrom }: Extract<Event, { kind: 'planned' }>): string {
  const { trained } = parameters;
  const available = memory.availableBytes === null ? '' : ` of ${formatBytes(memory.availableBytes)} available`;
  const plan = [
    `${count(settings.steps, 'step')} of ${count(settings.batch, 'sample')}`,
    `${formatMagnitude(trained.elements)} weights in ${count(trained.tensors, 'tensor')}`,
    `about ${formatBytes(memory.totalBytes)} of memory${available}`,
  ].join(', ');
  return resumedFrom === null ? plan : `${plan}; going on behind epoch ${resumedFrom}`;
}

/** What is going on, in a line; null where nothing new is to be said. */
export function describeDistillEvent(event: Event): string | null {
  switch (event.kind) {
    case 'preparing':
      return `writing a training step for ${count(event.batch, 'sample')}`;
    case 'evaluating':
      return `epoch ${event.epoch}: judging the student on the held-out samples`;
    case 'step': {
      const left = event.step < event.steps ? `, about ${formatMs(event.leftMs)} left` : '';
      return `epoch ${event.epoch} of ${event.epochs}, step ${event.step} of ${event.steps}: loss ${formatNumber(event.loss)}${left}`;
    }
    case 'saving':
      return `writing ${event.path}`;
    case 'planned':
      return 'judging the student as it is';
    case 'epoch':
      return null;
  }
}
