import type { QuantizeResult } from '../quantize/quantize-result.ts';
import type { Estimate } from '../result/envelope.ts';
import { speedupVerdict } from './bench-rows.ts';
import { estimateText } from './estimate-text.ts';
import { dropName, dropUnit } from './evaluate-verdict.ts';
import { shortName } from './short-name.ts';
import { formatBytes, formatPercent, formatRatio } from './units.ts';

/** `model.onnx -> model.int8.onnx` */
export function quantizeHeading({ model, output, interrupted }: QuantizeResult): string {
  const written = output === null ? `${model.path}: nothing was written` : `${model.path} -> ${output.path}`;
  return interrupted ? `${written} (interrupted)` : written;
}

/** `1.43 MiB -> 391 KiB (27 %), speed-up 1.82x [1.75x, 1.90x] (faster), drop of accuracy 0.20 pt [−0.30, 0.70]` */
export function quantizeHeadline(result: QuantizeResult): string {
  return [sizeText(result.size), ...speedTexts(result), qualityText(result)].join(', ');
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

function speedTexts({ speedup }: QuantizeResult): readonly string[] {
  if (speedup === null) return [];
  return [`speed-up ${ratioText(speedup.ratio)} (${speedupVerdict({ speedup: speedup.ratio })})`];
}

function qualityText({ evaluation }: QuantizeResult): string {
  const { drop, closeness, source } = evaluation;
  if (drop !== null) return `${dropName(drop)} ${estimateText(drop.drop, dropUnit(drop))}`;
  if (source === 'none' || closeness.length === 0) return 'outputs not compared';
  const on = source === 'synthetic' ? ' on made-up inputs' : '';
  const worst = closeness.toSorted((a, b) => nearness(a) - nearness(b))[0];
  if (worst === undefined || worst.exact) return `outputs equal${on}`;
  return `SQNR of '${shortName(worst.output)}' ${estimateText(worst.sqnrDb, 'dB')}${on}`;
}

function nearness({ exact, sqnrDb }: QuantizeResult['evaluation']['closeness'][number]): number {
  return exact ? Infinity : (sqnrDb?.value ?? -Infinity);
}
