import type { QuantizeResult } from '../quantize/quantize-result.ts';
import { changeText } from './change-text.ts';
import { columnsOf } from './columns-of.ts';
import type { Section } from './section.ts';
import { formatBytes } from './units.ts';

type Line = QuantizeResult['sizes'][number];

/** Where the bytes are, before and after. */
export function sizesSection({ sizes, size }: QuantizeResult): readonly Section[] {
  if (sizes.length === 0) return [];
  const lines: readonly Line[] = [...sizes, { kind: 'in all', ...size }];
  const columns = columnsOf(lines, [
    ['', 'left', ({ kind }) => kind],
    ['before', 'right', ({ beforeBytes }) => formatBytes(beforeBytes)],
    ['after', 'right', ({ afterBytes }) => formatBytes(afterBytes)],
    ['change', 'right', ({ beforeBytes, afterBytes }) => changeText(beforeBytes, afterBytes), 1],
  ]);
  return [{ title: 'Bytes', blocks: [{ kind: 'grid', columns, more: null }] }];
}
