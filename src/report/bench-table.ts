import type { BenchResult } from '../bench/bench-result.ts';
import { benchColumns } from './bench-columns.ts';
import { benchSummary } from './bench-summary.ts';
import { factLines } from './fact-lines.ts';
import { textGrid } from './grid.ts';
import { hanging } from './hanging.ts';
import type { Style } from './style.ts';
import { paint } from './style.ts';

/** A bench result for a terminal. */
export function benchTable(result: BenchResult, style: Style): string {
  const { heading, reasons, facts, warnings } = benchSummary(result);
  const blocks = [
    heading === '' ? '' : paint(heading, 'strong', style),
    textGrid(benchColumns(result), style),
    reasons.map((reason, index) => hanging(`(${index + 1}) `, reason, style)).join('\n'),
    factLines(facts, style),
    warnings.map((warning) => paint(hanging('! ', warning, style), 'warn', style)).join('\n'),
  ];
  return `${blocks.filter((block) => block !== '').join('\n\n')}\n`;
}
