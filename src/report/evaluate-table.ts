import type { EvaluateResult } from '../evaluate/evaluate-result.ts';
import { evaluateSummary } from './evaluate-summary.ts';
import { factLines } from './fact-lines.ts';
import { textGrid } from './grid.ts';
import { hanging } from './hanging.ts';
import type { Style } from './style.ts';
import { paint } from './style.ts';
import { usualView } from './view.ts';

/** What `infer evaluate` found, for a terminal. */
export function evaluateTable(result: EvaluateResult, style: Style): string {
  const { heading, metrics, closeness, verdicts, facts, warnings } = evaluateSummary(result, style.view ?? usualView);
  const blocks = [
    paint(heading, 'strong', style),
    metrics === null ? '' : textGrid(metrics, style),
    closeness === null ? '' : textGrid(closeness.columns, style),
    closeness?.more == null ? '' : paint(closeness.more, 'dim', style),
    verdicts.map(({ text, tone }) => paint(hanging('', text, style), tone, style)).join('\n'),
    factLines(facts, style),
    warnings.map((warning) => paint(hanging('! ', warning, style), 'warn', style)).join('\n'),
  ];
  return `${blocks.filter((block) => block !== '').join('\n\n')}\n`;
}
