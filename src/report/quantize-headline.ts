import type { QuantizeResult } from '../quantize/quantize-result.ts';
import { speedupVerdict } from './bench-rows.ts';
import { qualityText, ratioText, sizeText } from './judged-texts.ts';

/** `1.43 MiB -> 391 KiB (27 %), speed-up 1.82x [1.75x, 1.90x] (faster), drop of accuracy 0.20 pt [−0.30, 0.70]` */
export function quantizeHeadline(result: QuantizeResult): string {
  return [sizeText(result.size), ...speedTexts(result), qualityText(result.evaluation)].join(', ');
}

function speedTexts({ speedup }: QuantizeResult): readonly string[] {
  if (speedup === null) return [];
  return [`speed-up ${ratioText(speedup.ratio)} (${speedupVerdict({ speedup: speedup.ratio })})`];
}
