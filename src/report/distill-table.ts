import type { DistillResult } from '../distill/distill-result.ts';
import { distillSummary } from './distill-summary.ts';
import { factLines } from './fact-lines.ts';
import { textGrid } from './grid.ts';
import { hanging } from './hanging.ts';
import { paint } from './style.ts';
import type { Style } from './style.ts';
import { usualView } from './view.ts';

/** What `infer distill` did, for a terminal. */
export function distillTable(result: DistillResult, style: Style): string {
  const { heading, verdict, figures, epochs, facts, warnings } = distillSummary(result, style.view ?? usualView);
  const blocks = [
    paint(heading, 'strong', style),
    paint(hanging('', verdict.text, style), verdict.tone, style),
    textGrid(figures, style),
    epochs === null ? '' : textGrid(epochs.columns, style),
    epochs?.more == null ? '' : paint(epochs.more, 'dim', style),
    factLines(facts, style),
    warnings.map((warning) => paint(hanging('! ', warning, style), 'warn', style)).join('\n'),
  ];
  return `${blocks.filter((block) => block !== '').join('\n\n')}\n`;
}
