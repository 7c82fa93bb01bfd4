import type { PruneResult } from '../prune/prune-result.ts';
import type { QuantizeResult } from '../quantize/quantize-result.ts';
import type { Estimate } from '../result/envelope.ts';
import { estimateText } from './estimate-text.ts';
import { dropName, dropUnit } from './evaluate-verdict.ts';
import { shortName } from './short-name.ts';
import { formatBytes, formatPercent, formatRatio } from './units.ts';

/** A result of a model that was made from another one and judged beside it. */
export type JudgedResult = QuantizeResult | PruneResult;

/** `model.onnx -> model.int8.onnx` */
export function judgedHeading({ model, output, interrupted }: Pick<JudgedResult, 'model' | 'output' | 'interrupted'>) {
  const written = output === null ? `${model.path}: nothing was written` : `${model.path} -> ${output.path}`;
  return interrupted ? `${written} (interrupted)` : written;
}

/** `1.43 MiB -> 391 KiB (27 %)` */
export function sizeText({ beforeBytes, afterBytes }: QuantizeResult['size']): string {
  const share = beforeBytes === 0 ? '' : ` (${formatPercent(afterBytes / beforeBytes)})`;
  return `${formatBytes(beforeBytes)} -> ${formatBytes(afterBytes)}${share}`;
}

/** `1.82x [1.75x, 1.90x]` */
export function ratioText({ value, low, high }: Estimate): string {
  const interval = low === null || high === null ? '' : ` [${formatRatio(low)}, ${formatRatio(high)}]`;
  return `${formatRatio(value)}${interval}`;
}

/** How close it is to the original: `drop of accuracy 0.20 pt [−0.30, 0.70]` */
export function qualityText({ drop, closeness, source }: JudgedResult['evaluation']): string {
  if (drop !== null) return `${dropName(drop)} ${estimateText(drop.drop, dropUnit(drop))}`;
  if (source === 'none' || closeness.length === 0) return 'outputs not compared';
  const on = source === 'synthetic' ? ' on made-up inputs' : '';
  const worst = closeness.toSorted((a, b) => nearness(a) - nearness(b))[0];
  if (worst === undefined || worst.exact) return `outputs equal${on}`;
  return `SQNR of '${shortName(worst.output)}' ${estimateText(worst.sqnrDb, 'dB')}${on}`;
}

function nearness({ exact, sqnrDb }: JudgedResult['evaluation']['closeness'][number]): number {
  return exact ? Infinity : (sqnrDb?.value ?? -Infinity);
}
