import type { GateCell, GateResult, GateScenarioResult } from '../gate/gate-result.ts';
import { cellFacts, scenariosByName } from './gate-cell-text.ts';

/** An entry of github-action-benchmark's `customSmallerIsBetter`. */
interface Entry {
  readonly name: string;
  readonly unit: string;
  readonly value: number;
  readonly range?: string;
  readonly extra: string;
}

/**
 * The head's figures as github-action-benchmark reads them (`tool: customSmallerIsBetter`). That action takes one
 * direction for all: throughput is turned into time per item, outputs and quality are left out.
 */
export function gateBenchmarkAction(result: GateResult): string {
  const scenarios = scenariosByName(result);
  const entries = new Map<string, Entry>();
  for (const cell of result.cells) {
    const entry = entryOf(cell, scenarios.get(cell.scenario));
    // The budget's cell of a metric has the same figure, and its interval.
    if (entry !== null && (entry.range !== undefined || !entries.has(entry.name))) entries.set(entry.name, entry);
  }
  return `${JSON.stringify([...entries.values()], null, 2)}\n`;
}

function entryOf(cell: GateCell, scenario: GateScenarioResult | undefined): Entry | null {
  const { head, metric, unit } = cell;
  if (head === null || !Number.isFinite(head) || unit === 'share') return null;
  const extra = cellFacts(cell, scenario)
    .map(({ label, text }) => `${label}: ${text}`)
    .join('\n');
  if (unit === 'per-second') {
    if (head <= 0) return null;
    return { name: `${cell.scenario} / time per item`, unit: 'ms', value: 1000 / head, extra };
  }
  return { name: `${cell.scenario} / ${metric}`, unit, value: head, ...rangeOf(cell), extra };
}

/** Half of the interval, as the action's charts draw it. */
function rangeOf({ headInterval }: GateCell): { readonly range?: string } {
  if (headInterval === null || headInterval.low === null || headInterval.high === null) return {};
  return { range: `± ${Number(((headInterval.high - headInterval.low) / 2).toPrecision(3))}` };
}
