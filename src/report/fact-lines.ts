import type { Fact } from './fact.ts';
import type { Style } from './style.ts';
import { paint } from './style.ts';
import { wrapText } from './wrap-text.ts';

/** Labeled lines with their texts in one column; a label is said once. */
export function factLines(facts: readonly Fact[], style: Style): string {
  const widest = Math.max(0, ...facts.map((fact) => fact.label.length)) + 2;
  return facts
    .map(({ label, text }, index) => {
      const shown = facts[index - 1]?.label === label ? '' : label;
      const lines = wrapText(text, style.width - widest);
      return [
        `${paint(shown, 'dim', style)}${' '.repeat(widest - shown.length)}${lines[0] ?? ''}`,
        ...lines.slice(1).map((line) => `${' '.repeat(widest)}${line}`),
      ].join('\n');
    })
    .join('\n');
}
