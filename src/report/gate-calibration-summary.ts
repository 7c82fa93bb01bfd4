import type { CalibrationCell, GateCalibrationResult } from '../gate/gate-calibration-result.ts';
import { machineText, softwareText } from './environment-text.ts';
import type { Fact } from './fact.ts';
import { calibrationColumns, shareText, upwards } from './gate-calibration-columns.ts';
import { blockFacts, modelText, scenarioTitle } from './gate-scenario-facts.ts';
import { grouped } from './grouped.ts';
import { describeGateWarning } from './messages/gate-messages.ts';
import { describeFinding } from './messages/message.ts';
import type { Block, Section } from './section.ts';
import { shortName } from './short-name.ts';
import type { Tone } from './style.ts';
import { count, formatMs, formatWhole } from './units.ts';

const longestText = 500;
const mostNamed = 3;

/** What is said of a calibration, in any format that people read. */
export interface CalibrationSummary {
  readonly heading: string;
  readonly tone: Tone;
  /** What to do about it. */
  readonly advice: string;
  readonly sections: readonly Section[];
  readonly facts: readonly Fact[];
  readonly warnings: readonly string[];
}

export function calibrationSummary(result: GateCalibrationResult, details: boolean): CalibrationSummary {
  const cells = new Map(grouped(result.cells, ({ scenario }) => scenario).map(({ key, members }) => [key, members]));
  return {
    heading: headingOf(result),
    tone: result.verdict === 'pass' ? 'good' : 'bad',
    advice: adviceOf(result),
    sections: result.scenarios.map((scenario) => sectionOf(scenario, cells.get(scenario.name) ?? [], details)),
    facts: factsOf(result),
    warnings: result.warnings.map(describeGateWarning),
  };
}

function headingOf({ verdict, cells, settings, interrupted }: GateCalibrationResult): string {
  const word = `${verdict.toUpperCase()}${interrupted ? ' (interrupted)' : ''}`;
  const budget = formatMs(settings.budgetMs);
  if (verdict === 'pass') return `${word}: this machine can tell every tolerance in ${budget}`;
  const missed = cells.filter(({ resolvable }) => !resolvable);
  if (missed.length === 0) return word;
  const named = missed.slice(0, mostNamed).map(missedText);
  const rest = missed.length - named.length;
  return `${word}: this machine cannot tell, in ${budget}, ${named.join('; ')}${rest > 0 ? `; and ${formatWhole(rest)} more` : ''}`;
}

function missedText({ scenario, metric, tolerance, smallestTolerance }: CalibrationCell): string {
  const asked = tolerance === null ? '' : ` ${shareText(tolerance)}`;
  const least = smallestTolerance === null ? 'no tolerance can be told' : `${upwards(smallestTolerance)} can be told`;
  return `${metric} of '${shortName(scenario)}'${asked} (${least})`;
}

function adviceOf({ suggested: { pairs, neededPairs, budgetMs }, verdict }: GateCalibrationResult): string {
  const fits = `${count(pairs, 'pair')} of blocks ${pairs === 1 ? 'fits' : 'fit'} the budget; below ${formatWhole(neededPairs)} nothing can be proved`;
  if (verdict === 'pass')
    return budgetMs === null ? fits : `${fits}; a --budget of ${formatMs(budgetMs)} would be enough`;
  return budgetMs === null
    ? `${fits}; no budget is enough: set wider tolerances, or take a quieter machine`
    : `${fits}; give --budget ${formatMs(budgetMs)}, or set wider tolerances`;
}

type Calibrated = GateCalibrationResult['scenarios'][number];

function sectionOf(scenario: Calibrated, cells: readonly CalibrationCell[], details: boolean): Section {
  const grid: Block = { kind: 'grid', columns: calibrationColumns(cells), more: null };
  const facts: Block = { kind: 'facts', facts: scenarioFactsOf(scenario, details) };
  return { title: scenarioTitle(scenario), blocks: cells.length === 0 ? [facts] : [grid, facts] };
}

function scenarioFactsOf({ model, failure, plan, blocks, inputs }: Calibrated, details: boolean): readonly Fact[] {
  const planText = `${count(plan.pairs, 'pair')} of blocks; a block measures ${count(plan.runs, 'run')} or ${formatMs(plan.minMs)}, whichever is longer`;
  return [
    { label: 'Model', text: modelText(model) },
    ...(failure === null ? [] : [{ label: 'Failed', text: describeFinding(failure) }]),
    ...blockFacts(blocks),
    ...(details
      ? [
          { label: 'Plan', text: planText },
          { label: 'Inputs', text: shortName(inputs, longestText) },
        ]
      : []),
  ];
}

function factsOf({ settings, environment, elapsedMs }: GateCalibrationResult): readonly Fact[] {
  const { alpha, seed, maxPairs, optimization } = settings;
  const how = `alpha ${alpha} for the whole gate, ${count(maxPairs, 'pair')} at most, graph optimization ${shortName(optimization)}, seed ${seed}`;
  return [
    { label: 'Calibrated', text: `${how}; ${formatMs(elapsedMs)} in all` },
    { label: 'Legend', text: legendText },
    { label: 'Machine', text: shortName(machineText(environment), longestText) },
    { label: 'Software', text: shortName(softwareText(environment), longestText) },
  ];
}

const legendText =
  'both arms are the same model; noise is the standard deviation of the log-ratio of a pair of blocks; a change as large as ' +
  'the detectable one is found 4 times in 5; a tolerance can be told where a change of twice as much is';
