import type { GateEvent, PlannedCell, PlannedScenario } from '../gate/gate-event.ts';
import { count, formatMs, formatPercent, formatWhole } from '../report/units.ts';
import type { Io } from './io.ts';
import { startSpinner } from './spinner.ts';

/** Another gate measures on this machine. */
export interface GateWait {
  readonly kind: 'waiting';
  readonly pid: number;
  readonly since: string;
  readonly folder: string;
}

export type GateProgressEvent = GateEvent | GateWait;

export interface GateProgress {
  readonly onEvent: (event: GateProgressEvent) => void;
  readonly stop: () => void;
}

/** Draws a running gate on stderr: a spinner on a terminal, what it will be able to tell everywhere, nothing when quiet. */
export async function gateProgress(io: Io, quiet: boolean): Promise<GateProgress> {
  if (quiet) return { onEvent: () => undefined, stop: () => undefined };
  const spinner = await startSpinner(io, 'reading the models');
  return {
    onEvent: (event) => {
      const remarks = gateRemarks(event);
      if (remarks.length > 0) spinner?.clear();
      for (const remark of remarks) io.stderr.write(`${remark}\n`);
      const text = describeGateEvent(event);
      if (text !== null) spinner?.say(text);
    },
    stop: () => spinner?.stop(),
  };
}

/** What stays on the screen, and in the log of a CI job. */
export function gateRemarks(event: GateProgressEvent): readonly string[] {
  switch (event.kind) {
    case 'waiting':
      return [
        `waiting for another gate on this machine: process ${event.pid} in ${event.folder}, since ${event.since}`,
      ];
    case 'resumed':
      return [`going on with ${count(event.blocks, 'block')} of ${event.path}`];
    case 'planned':
      return planText(event);
    default:
      return [];
  }
}

function planText({ scenarios, estimatedMs, budgetMs }: Extract<GateEvent, { kind: 'planned' }>): readonly string[] {
  if (scenarios.length === 0) return [];
  const share = estimatedMs > budgetMs ? ', more than' : ' of';
  return [
    `${count(scenarios.length, 'scenario')}: about ${formatMs(estimatedMs)}${share} the budget of ${formatMs(budgetMs)}`,
    ...scenarios.map(scenarioText),
  ];
}

function scenarioText({ scenario, pairs, looks, cells }: PlannedScenario): string {
  const changes = cells.filter(({ against }) => against === 'change').map(detectableText);
  const seen = changes.length === 0 ? '' : `; smallest change for the worse that shows: ${changes.join(', ')}`;
  return `  ${scenario}: ${count(pairs, 'pair')} in ${count(looks.length, 'look')}${seen}`;
}

function detectableText({ metric, tolerance, detectable }: PlannedCell): string {
  if (detectable === null) return `${metric} none in this budget`;
  const limit = tolerance === null ? '' : ` (tolerance ${formatPercent(tolerance)})`;
  return `${metric} ${formatPercent(detectable)}${limit}`;
}

/** What is going on, in a line; null where nothing new is to be said. */
export function describeGateEvent(event: GateProgressEvent): string | null {
  switch (event.kind) {
    case 'waiting':
      return `waiting for the gate of process ${event.pid}`;
    case 'resolving':
      return `${event.scenario}: reading ${event.ref}`;
    case 'inspecting':
      return `${event.scenario}: counting what the ${event.arm} is made of`;
    case 'evaluating':
      return `${event.scenario}: judging quality, ${formatWhole(event.done)} of ${count(event.of, 'sample')}`;
    case 'probing':
      return `${event.scenario}: trying the ${event.arm}`;
    case 'pilot':
      return `finding out how noisy it is here: ${count(event.blocks, 'block')}`;
    case 'block': {
      const batch = event.batch === 'confirm' ? 'repeating a fail, ' : '';
      return `${batch}block ${event.done + 1} of ${event.of}: ${event.scenario}, ${event.arm} of pair ${event.pair + 1}`;
    }
    case 'look':
      return `look ${event.look} of ${event.of}: ${openText(event.cells)}`;
    case 'confirming':
      return `repeating the fails of ${event.scenarios.join(', ')}: ${count(event.pairs, 'pair')}`;
    case 'planned':
    case 'resumed':
      return null;
  }
}

function openText(cells: Extract<GateEvent, { kind: 'look' }>['cells']): string {
  const open = cells.filter(({ verdict }) => verdict === 'inconclusive').length;
  return open === 0 ? 'every metric has its verdict' : `${count(open, 'metric')} still open`;
}
