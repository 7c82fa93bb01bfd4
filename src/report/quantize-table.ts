import type { QuantizeResult } from '../quantize/quantize-result.ts';
import { judgedTable } from './judged-summary.ts';
import { quantizeSummary } from './quantize-summary.ts';
import type { Style } from './style.ts';
import { usualView } from './view.ts';

/** What `infer quantize` did, for a terminal. */
export function quantizeTable(result: QuantizeResult, style: Style): string {
  return judgedTable(quantizeSummary(result, style.view ?? usualView), style);
}
