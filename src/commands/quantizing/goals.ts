import type { Drop } from '../../evaluate/evaluate-result.ts';
import type { Goal } from '../../quantize/quantize-result.ts';
import type { QuantizeRequest } from '../quantize-request.ts';
import type { MeasuredCandidate } from '../trials/measure-candidates.ts';
import { fasterVerdict, speedVerdict } from '../trials/speed-verdict.ts';

export interface Reached {
  readonly drop: Drop | null;
  readonly measured: MeasuredCandidate | null;
  readonly beforeBytes: number;
  readonly afterBytes: number;
  /** float16 on a processor that computes it in float32. */
  readonly isSlowFloat16: boolean;
}

/** Holds what was reached against what was asked, or what a smaller format is for where nothing was. */
export function judgeGoals({ goals, settings, data }: QuantizeRequest, reached: Reached): readonly Goal[] {
  const { drop, measured, beforeBytes, afterBytes } = reached;
  const judged: Goal[] = [];
  if (drop !== null) {
    const limit = goals.maxDrop?.text ?? defaultMaxDrop.text;
    judged.push({ goal: 'max-drop', limit, asked: goals.maxDrop !== null, verdict: drop.verdict });
  }
  if (goals.minSpeedup !== null) {
    const { text, ratio } = goals.minSpeedup;
    judged.push({
      goal: 'min-speedup',
      limit: text,
      asked: true,
      verdict: speedVerdict(measured?.speedup ?? null, ratio),
    });
  } else if (settings.scheme === 'int8' && settings.target === 'cpu' && measured !== null)
    judged.push({ goal: 'faster', limit: '1x', asked: false, verdict: fasterVerdict(measured.speedup) });
  if (goals.maxSize !== null) {
    const { text, limit } = goals.maxSize;
    const most = 'bytes' in limit ? limit.bytes : limit.share * beforeBytes;
    judged.push({ goal: 'max-size', limit: text, asked: true, verdict: afterBytes <= most ? 'pass' : 'fail' });
  } else if (settings.scheme !== 'int8')
    judged.push({ goal: 'smaller', limit: '1x', asked: false, verdict: afterBytes < beforeBytes ? 'pass' : 'fail' });
  if (reached.isSlowFloat16)
    judged.push({ goal: 'float16-on-cpu', limit: settings.target, asked: false, verdict: 'fail' });
  return data.path === null ? judged.filter(({ goal }) => goal !== 'max-drop') : judged;
}

/** What data vouch for where the user sets no limit. */
export const defaultMaxDrop = { text: '1%', limit: { kind: 'relative', value: 0.01 } } as const;
