import type { BenchResult } from '../bench/bench-result.ts';
import { benchColumns } from './bench-columns.ts';
import { explainText } from './bench-explain.ts';
import { benchSummary } from './bench-summary.ts';
import { loadColumns } from './bench-load-columns.ts';
import { factLines } from './fact-lines.ts';
import { textGrid } from './grid.ts';
import { hanging } from './hanging.ts';
import type { Style } from './style.ts';
import { paint } from './style.ts';

/** A bench result for a terminal. */
export function benchTable(result: BenchResult, style: Style): string {
  const { heading, reasons, facts, warnings } = benchSummary(result);
  const loads = loadColumns(result);
  const blocks = [
    heading === '' ? '' : paint(heading, 'strong', style),
    textGrid(benchColumns(result), style),
    loads === null ? '' : textGrid(loads, style),
    reasons.map((reason, index) => hanging(`(${index + 1}) `, reason, style)).join('\n'),
    factLines(facts, style),
    style.view?.explain === true ? factLines(explainText(result), style) : '',
    warnings.map((warning) => paint(hanging('! ', warning, style), 'warn', style)).join('\n'),
  ];
  return `${blocks.filter((block) => block !== '').join('\n\n')}\n`;
}
