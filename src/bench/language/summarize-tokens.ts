import { blockQuantiles } from '../../stats/block-quantile.ts';
import type { Interval } from '../../stats/interval.ts';
import { logInterval } from '../../stats/log-interval.ts';
import { minimumSamples } from '../../stats/minimum-samples.ts';
import { median } from '../../stats/quantile.ts';
import type { Point, Round, TokenBlock } from '../bench-result.ts';
import type { ProbedGeneration } from '../probe-model.ts';

/**
 * The figures of a point that writes text, from its blocks: the block is the unit of every interval, as for runs. Absent
 * from other points, and where a stop token always came first.
 */
export function tokensOf(rounds: readonly Round[], probed: ProbedGeneration | undefined): Pick<Point, 'tokens'> {
  const blocks = rounds.flatMap(({ tokens }) => tokens ?? []);
  if (blocks.length === 0 || probed === undefined) return {};
  const tpotMs = logInterval(blocks.map((block) => median(block.tpotMs)));
  const [itlMs, itlP99Ms] = interTokenTimes(blocks);
  const { model, versusUncached, sample, requests } = probed;
  const lengths = {
    prompt: mean(blocks, (block) => block.prompt),
    generated: mean(blocks, (block) => block.generated),
  };
  const isComparable = versusUncached !== null && Number.isFinite(versusUncached.maxAbs);
  return {
    tokens: {
      ...lengths,
      ttftMs: logInterval(blocks.map((block) => median(block.ttftMs))),
      tpotMs,
      itlMs,
      itlP99Ms,
      gaps: blocks.reduce((sum, { gaps }) => sum + gaps, 0),
      prefillTokensPerSecond: logInterval(blocks.map((block) => block.prefillTokensPerSecond)),
      decodeTokensPerSecond: logInterval(blocks.map((block) => block.decodeTokensPerSecond)),
      tokensPerSecondPerUser: perSecond(tpotMs),
      outputTokensPerSecond: logInterval(blocks.map((block) => block.outputTokensPerSecond)),
      kvBytesPerToken: model.kvBytesPerToken,
      cacheBytes: cacheBytes(probed, lengths),
      contextLimit: model.contextLimit,
      outsideShare: mean(blocks, (block) => block.outsideShare),
      copyShare: copyShare(blocks, lengths),
      matchesUncached: versusUncached?.matches ?? null,
      uncachedDifference: isComparable ? { maxAbs: versusUncached.maxAbs, maxRel: versusUncached.maxRel } : null,
      isForced: requests.every(({ stopIds }) => stopIds.length === 0),
      ...(sample !== null && { sample }),
    },
  };
}

function interTokenTimes(blocks: readonly TokenBlock[]): readonly [Interval, Interval | null] {
  const gaps = blocks.map(({ itlMs }) => itlMs);
  const kept = gaps.reduce((sum, block) => sum + block.length, 0);
  const [p50, p99] = blockQuantiles(gaps, [0.5, 0.99]);
  if (p50 === undefined) throw new RangeError('there are no blocks');
  return [p50, p99 !== undefined && kept >= minimumSamples(0.99) ? p99 : null];
}

/** Tokens a second where one takes so long; the bounds change places. */
function perSecond({ value, low, high }: Interval): Interval {
  return { value: 1000 / value, low: high === null ? null : 1000 / high, high: low === null ? null : 1000 / low };
}

interface Lengths {
  readonly prompt: number;
  readonly generated: number;
}

/** Of a whole request once it has written its last token, which is not read any more. */
function cacheBytes({ model, requests }: ProbedGeneration, { prompt, generated }: Lengths): number | null {
  if (model.kvBytesPerToken === null) return null;
  const batch = requests[0]?.prompts.length ?? 1;
  return batch * (model.stateBytes + model.kvBytesPerToken * (prompt + generated - 1));
}

/** Copying was timed at the end of a text, where the cache is largest: the mean step copies as much less as it is shorter. */
function copyShare(blocks: readonly TokenBlock[], { prompt, generated }: Lengths): number | null {
  const shares = blocks.flatMap(({ copyMs, tpotMs }) => (copyMs === null ? [] : [copyMs / median(tpotMs)]));
  if (shares.length === 0) return null;
  const last = prompt + generated - 1;
  return Math.min(1, median(shares) * ((prompt + generated / 2) / last));
}

function mean<T>(items: readonly T[], read: (item: T) => number): number {
  return items.reduce((sum, item) => sum + read(item), 0) / items.length;
}
