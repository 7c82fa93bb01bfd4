import type { GateResult } from '../../../gate/gate-result.ts';
import { columnsOf } from '../../columns-of.ts';
import { cellName, verdictText } from '../../gate-cell-text.ts';
import { detectableText, nothing } from '../../gate-figures.ts';
import { gateSummary } from '../../gate-summary.ts';
import { pText } from '../../messages/gate-reasons.ts';
import type { Block, Section } from '../../section.ts';
import { gateForests } from '../gate-forests.ts';
import type { Page } from '../page.ts';
import { figureSection } from '../page.ts';
import { originOf, withoutPlace } from './origin-of.ts';

/** The verdict, the cells as a forest plot, and each scenario's table. */
export function gatePage(result: GateResult): Page {
  const { heading, tone, counts, facts, warnings } = gateSummary(result, { width: Infinity, details: true });
  return {
    kind: 'gate',
    heading: `Gate: ${result.verdict}`,
    lead: [
      { text: heading, tone },
      { text: counts, tone: 'plain' },
    ],
    sections: [...figureSection('Cells', gateForests(result)), ...scenarioSections(result), testsSection(result)],
    facts: withoutPlace(facts),
    warnings,
    origins: [originOf(result)],
  };
}

/** The facts in full, the cells without what only their tests are about: so the reasons stay in sight. */
function scenarioSections(result: GateResult): readonly Section[] {
  const whole = gateSummary(result, { width: Infinity, details: true }).sections;
  const usual = gateSummary(result, { width: Infinity, details: false }).sections;
  return whole.map(({ title, blocks }, index) => ({
    title,
    blocks: [...gridsOf(usual[index]?.blocks ?? []), ...blocks.filter(({ kind }) => kind !== 'grid')],
  }));
}

function gridsOf(blocks: readonly Block[]): readonly Block[] {
  return blocks.filter(({ kind }) => kind === 'grid');
}

/** All cells in one table, with what their verdicts rest on. */
function testsSection({ cells }: GateResult): Section {
  const columns = columnsOf(cells, [
    ['scenario', 'left', ({ scenario }) => scenario],
    ['metric', 'left', cellName],
    ['verdict', 'left', verdictText],
    ['pairs', 'right', ({ pairs }) => (pairs === null ? nothing : String(pairs))],
    ['p', 'right', ({ p }) => (p === null ? nothing : pText(p))],
    ['adjusted p', 'right', ({ adjustedP }) => (adjustedP === null ? nothing : pText(adjustedP))],
    ['planned', 'right', ({ detectable, metric }) => detectableText(detectable.before, metric)],
    ['severity', 'left', ({ severity }) => severity],
    ['owner', 'left', ({ owner }) => owner ?? nothing],
  ]);
  return { title: 'Tests', blocks: [{ kind: 'grid', columns, more: null }] };
}
