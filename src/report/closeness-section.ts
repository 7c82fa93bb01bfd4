import { closenessGrid } from './evaluate-closeness.ts';
import type { JudgedResult } from './judged-texts.ts';
import type { Section } from './section.ts';
import type { View } from './view.ts';

/** How close each output is to the original's; nothing where none was compared. */
export function closenessSection(evaluation: JudgedResult['evaluation'], view: View): readonly Section[] {
  const grid = closenessGrid(evaluation, view);
  return grid === null ? [] : [{ title: 'Outputs beside the original’s', blocks: [{ kind: 'grid', ...grid }] }];
}
