import type { OptimizeResult } from '../optimize/optimize-result.ts';
import { factLines } from './fact-lines.ts';
import { textGrid } from './grid.ts';
import { optimizeSummary } from './optimize-summary.ts';
import { paint } from './style.ts';
import type { Style } from './style.ts';
import { usualView } from './view.ts';

/** What `infer optimize` did, for a terminal. */
export function optimizeTable(result: OptimizeResult, style: Style): string {
  const { heading, figures, passes, facts, warnings } = optimizeSummary(result, style.view ?? usualView);
  const blocks = [
    paint(heading, result.ok ? 'strong' : 'bad', style),
    textGrid(figures, style),
    passes === null ? 'No pass found anything to do.' : textGrid(passes, style),
    factLines(facts, style),
    warnings.map((warning) => paint(`! ${warning}`, 'warn', style)).join('\n'),
  ];
  return `${blocks.filter((block) => block !== '').join('\n\n')}\n`;
}
