import type { GateCell, GateResult, GateScenarioResult } from '../gate/gate-result.ts';
import { cellName, cellsByScenario, whyText } from './gate-cell-text.ts';
import type { CellLayout } from './gate-columns.ts';
import { cellGrid } from './gate-columns.ts';
import { gateFacts } from './gate-facts.ts';
import { countsText, gateHeading, gateTones } from './gate-headline.ts';
import { scenarioFacts, scenarioTitle } from './gate-scenario-facts.ts';
import type { Fact } from './fact.ts';
import { describeGateWarning } from './messages/gate-messages.ts';
import type { Block, Section } from './section.ts';
import type { Tone } from './style.ts';

/** What is said of a gate, in any format that people read. */
export interface GateSummary {
  readonly heading: string;
  readonly tone: Tone;
  readonly counts: string;
  /** One a scenario that has cells to show. */
  readonly sections: readonly Section[];
  readonly facts: readonly Fact[];
  readonly warnings: readonly string[];
}

export interface SummaryLayout extends CellLayout {
  /** Which cells to show; all unless given. */
  readonly shown?: ReadonlySet<GateCell>;
}

export function gateSummary(result: GateResult, layout: SummaryLayout): GateSummary {
  const cells = cellsByScenario(result);
  return {
    heading: gateHeading(result),
    tone: gateTones[result.verdict],
    counts: countsText(result),
    sections: result.scenarios.flatMap((scenario) => scenarioSection(scenario, cells.get(scenario.name) ?? [], layout)),
    facts: gateFacts(result),
    warnings: result.warnings.map(describeGateWarning),
  };
}

function scenarioSection(
  scenario: GateScenarioResult,
  cells: readonly GateCell[],
  layout: SummaryLayout,
): readonly Section[] {
  const { shown, details } = layout;
  const own = cells.filter((cell) => shown?.has(cell) !== false);
  // A scenario that could not be run has its failure to tell; one whose cells are all left out has nothing.
  if (own.length === 0 && (shown !== undefined || scenario.failure === null)) return [];
  const facts: Block = { kind: 'facts', facts: scenarioFacts(scenario, details) };
  const blocks = own.length === 0 ? [] : cellBlocks(own, scenario, layout);
  return [{ title: scenarioTitle(scenario), blocks: [...blocks, facts] }];
}

function cellBlocks(cells: readonly GateCell[], scenario: GateScenarioResult, layout: SummaryLayout): readonly Block[] {
  const { columns, hasWhy } = cellGrid(cells, scenario, layout);
  const grid: Block = { kind: 'grid', columns, more: null };
  // Without room beside the figures, what is not as it should be is explained below them.
  const explained = hasWhy ? [] : cells.filter(({ verdict }) => layout.details || verdict !== 'pass');
  if (explained.length === 0) return [grid];
  const facts = explained.map((cell) => ({ label: cellName(cell), text: whyText(cell, scenario) }));
  return [grid, { kind: 'facts', facts }];
}
