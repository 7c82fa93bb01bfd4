import type { BenchResult } from '../bench/bench-result.ts';
import type { Factors, LabeledPoint } from './bench-factors.ts';
import { pointName, sharedName, splitFactors } from './bench-factors.ts';
import { reasonSentences } from './bench-notes-column.ts';
import { browserFacts } from './bench-browser-facts.ts';
import { gpuFacts } from './bench-gpu-facts.ts';
import type { Fact } from './fact.ts';
import { bestFacts } from './bench-best-facts.ts';
import { energyFacts } from './bench-energy-facts.ts';
import { pinnedFacts } from './bench-pinned-facts.ts';
import { placementFacts, outputFacts } from './bench-provider-facts.ts';
import { languageFacts } from './bench-language-facts.ts';
import { loadFacts } from './bench-load-facts.ts';
import { benchRows, speedupVerdict } from './bench-rows.ts';
import { machineText, softwareText } from './environment-text.ts';
import { describeFinding } from './messages/message.ts';
import { count, formatMs, formatRatio } from './units.ts';

/** What is said around a bench table, in any format. */
export interface BenchSummary {
  /** What all points share. */
  readonly heading: string;
  /** Why points have no numbers; a note `failed (1)` refers to the first. */
  readonly reasons: readonly string[];
  readonly facts: readonly Fact[];
  readonly warnings: readonly string[];
}

export function benchSummary(result: BenchResult): BenchSummary {
  const rows = benchRows(result);
  const factors = splitFactors(rows);
  return {
    heading: sharedName(rows, factors),
    reasons: reasonSentences(result),
    facts: [
      ...bestFacts(result, rows, factors),
      ...languageFacts(result, rows, factors),
      ...speedupFacts(result, rows, factors),
      ...loadFacts(result, rows, factors),
      ...outputFacts(result),
      ...placementFacts(rows),
      ...gpuFacts(rows, factors),
      ...browserFacts(rows, factors),
      ...energyFacts(rows, factors),
      ...pinnedFacts(rows, factors),
      { label: 'Machine', text: machineText(result.environment) },
      { label: 'Software', text: softwareText(result.environment) },
      { label: 'Protocol', text: protocolText(result) },
      ...(result.interrupted
        ? [{ label: 'Interrupted', text: 'the plan was not done; what was finished is shown' }]
        : []),
    ],
    warnings: [...new Set(result.warnings.map(describeFinding))],
  };
}

function speedupFacts(result: BenchResult, rows: readonly LabeledPoint[], factors: Factors): readonly Fact[] {
  return result.comparisons.flatMap((comparison) => {
    const row = rows[comparison.point];
    const against = rows[comparison.against];
    if (row === undefined || against === undefined) return [];
    const { value, low, high } = comparison.speedup;
    const interval = low === null || high === null ? '' : ` (${formatRatio(low)} to ${formatRatio(high)})`;
    const doubt = speedupVerdict(comparison) === 'undecided' ? ': no clear difference' : '';
    const text = `${pointName(row, factors)}: ${formatRatio(value)}${interval} against ${against.label}${doubt}`;
    return [{ label: 'Speed-up', text }];
  });
}

function protocolText(result: BenchResult): string {
  const rounds = result.points.flatMap((point) => point.rounds);
  const taken = new Set(rounds.map((round) => round.round)).size;
  const planned = result.settings.roundsPlanned;
  const measured = result.points.filter((point) => point.rounds.length > 0).length;
  const runs = rounds.reduce((sum, round) => sum + round.runs, 0);
  const parts = [
    `${taken < planned ? `${taken} of ${count(planned, 'round')}` : count(taken, 'round')} × ${count(measured, 'point')} = ${count(rounds.length, 'block')}`,
    `${count(runs, 'run')} in ${formatMs(result.elapsedMs)}`,
    `inputs ${result.settings.inputs}`,
    `seed ${result.settings.seed}`,
    `optimization ${result.settings.optimization}`,
  ];
  return parts.join(', ');
}
