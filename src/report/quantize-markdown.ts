import type { QuantizeResult } from '../quantize/quantize-result.ts';
import { judgedMarkdown } from './judged-summary.ts';
import { quantizeSummary } from './quantize-summary.ts';
import type { Style } from './style.ts';
import { usualView } from './view.ts';

/** What `infer quantize` did, as GitHub Markdown. */
export function quantizeMarkdown(result: QuantizeResult, { view = usualView }: Style): string {
  return judgedMarkdown(quantizeSummary(result, view));
}
