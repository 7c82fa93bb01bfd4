import type { PruneResult } from '../prune/prune-result.ts';
import { changeText } from './change-text.ts';
import { columnsOf } from './columns-of.ts';
import type { Section } from './section.ts';
import { formatBytes, formatWhole } from './units.ts';

interface Line {
  readonly name: string;
  readonly before: number | null;
  readonly after: number | null;
  readonly format: (figure: number) => string;
}

/** Size and cost before and after. */
export function figuresSection({ before, after }: PruneResult): readonly Section[] {
  const all: readonly Line[] = [
    { name: 'parameters', before: before.parameters, after: after.parameters, format: formatWhole },
    { name: 'MACs', before: before.macs, after: after.macs, format: formatWhole },
    { name: 'file', before: before.sizeBytes, after: after.sizeBytes, format: formatBytes },
    { name: 'as gzip', before: before.gzipBytes, after: after.gzipBytes, format: formatBytes },
    { name: 'as zstd', before: before.zstdBytes, after: after.zstdBytes, format: formatBytes },
  ];
  const lines = all.filter((line) => line.before !== null || line.after !== null);
  const columns = columnsOf(lines, [
    ['', 'left', ({ name }) => name],
    ['before', 'right', ({ before, format }) => (before === null ? '-' : format(before))],
    ['after', 'right', ({ after, format }) => (after === null ? '-' : format(after))],
    ['change', 'right', ({ before, after }) => (before === null || after === null ? '' : changeText(before, after)), 1],
  ]);
  return [{ title: 'Model', blocks: [{ kind: 'grid', columns, more: null }] }];
}
