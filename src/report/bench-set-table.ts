import type { BenchSet } from '../result/bench-set.ts';
import { benchSetPage } from './bench-set-columns.ts';
import { factLines } from './fact-lines.ts';
import { textGrid } from './grid.ts';
import type { Style } from './style.ts';
import { paint } from './style.ts';

/** Several bench results side by side, for a terminal. */
export function benchSetTable(set: BenchSet, style: Style): string {
  const { heading, columns, facts } = benchSetPage(set);
  const blocks = [paint(heading, 'strong', style), textGrid(columns, style), factLines(facts, style)];
  return `${blocks.filter((block) => block !== '').join('\n\n')}\n`;
}
