import type { BenchResult } from '../bench/bench-result.ts';
import { benchColumns } from './bench-columns.ts';
import { benchSummary } from './bench-summary.ts';
import { factLines } from './fact-lines.ts';
import { textGrid } from './grid.ts';
import type { Style } from './style.ts';
import { paint } from './style.ts';
import { wrapText } from './wrap-text.ts';

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

/** A sentence behind its mark, wrapped so that it stays in its column. */
function hanging(mark: string, sentence: string, style: Style): string {
  const lines = wrapText(sentence, style.width - mark.length);
  return `${mark}${lines.join(`\n${' '.repeat(mark.length)}`)}`;
}
