import type { Drop, Verdict } from '../../evaluate/evaluate-result.ts';
import type { PruneGoal } from '../../prune/prune-result.ts';
import type { PruneRequest } from '../prune-request.ts';
import type { MeasuredCandidate } from '../trials/measure-candidates.ts';
import { fasterVerdict, speedVerdict } from '../trials/speed-verdict.ts';

export interface Reached {
  readonly drop: Drop | null;
  readonly measured: MeasuredCandidate | null;
  readonly beforeBytes: number;
  readonly afterBytes: number;
  /** Share of the MACs kept; null where they are not known. */
  readonly macs: number | null;
  /** As gzip has them; null where nobody compressed. */
  readonly download: { readonly beforeBytes: number; readonly afterBytes: number } | null;
}

/** What data vouch for where the user sets no limit. */
export const defaultMaxDrop = { text: '2%', limit: { kind: 'relative', value: 0.02 } } as const;

/** Widths come in steps: what lies so close to a target reaches it. */
const macsTolerance = 0.01;

/** Holds what was reached against what was asked, or what pruning is for where nothing was. */
export function judgeGoals({ goals, settings, data }: PruneRequest, reached: Reached): readonly PruneGoal[] {
  const { drop, measured, beforeBytes, afterBytes, macs, download } = reached;
  const judged: PruneGoal[] = [];
  const asked = (goal: PruneGoal['goal'], { text }: { readonly text: string }, verdict: Verdict) =>
    judged.push({ goal, limit: text, asked: true, verdict });
  const { maxDrop, targetLatency, targetMacs, targetSize } = goals;
  if (drop !== null && data.path !== null) {
    const limit = maxDrop?.text ?? defaultMaxDrop.text;
    judged.push({ goal: 'max-drop', limit, asked: maxDrop !== null, verdict: drop.verdict });
  }
  // Latency kept is one over the speed-up.
  if (targetLatency !== null)
    asked('target-latency', targetLatency, speedVerdict(measured?.speedup ?? null, 1 / targetLatency.share));
  if (targetMacs !== null) asked('target-macs', targetMacs, macsVerdict(macs, targetMacs.share));
  if (targetSize !== null) {
    const { limit } = targetSize;
    const most = 'bytes' in limit ? limit.bytes : limit.share * beforeBytes;
    asked('target-size', targetSize, afterBytes <= most ? 'pass' : 'fail');
  }
  const byDefault = defaultGoal(settings, { measured, download, isTimed: targetLatency !== null });
  return byDefault === null ? judged : [...judged, { ...byDefault, limit: '1x', asked: false }];
}

type Default = Pick<Reached, 'measured' | 'download'> & { readonly isTimed: boolean };

/** What pruning is for: speed, or a smaller download where weights only become 0. */
function defaultGoal({ sparsity }: PruneRequest['settings'], { measured, download, isTimed }: Default) {
  if (sparsity === null)
    return isTimed || measured === null
      ? null
      : ({ goal: 'faster', verdict: fasterVerdict(measured.speedup) } as const);
  if (download === null) return null;
  const isSmaller = download.afterBytes < download.beforeBytes;
  return { goal: 'smaller-download', verdict: isSmaller ? 'pass' : 'fail' } as const;
}

function macsVerdict(macs: number | null, share: number): Verdict {
  if (macs === null) return 'inconclusive';
  return macs <= share + macsTolerance ? 'pass' : 'fail';
}
