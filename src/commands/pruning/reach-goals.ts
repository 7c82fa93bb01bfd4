import type { Finding } from '../../errors.ts';
import type { BisectOptions } from '../../prune/plan/bisect.ts';
import { bisect } from '../../prune/plan/bisect.ts';
import { measureCandidates } from '../trials/measure-candidates.ts';
import { finalShare } from './judge-chosen.ts';
import { defaultMaxDrop } from './prune-goals.ts';
import { isCloseEnough } from './trial.ts';
import type { TriedWidths, WidthSearch } from './width-search.ts';
import { mostTrials } from './width-search.ts';
import type { PruneWork } from './work.ts';

/** By the goal that decides: latency, then MACs, then size, then closeness. */
export async function reachGoals(work: PruneWork, search: WidthSearch): Promise<readonly Finding[]> {
  const { goals } = work.request;
  if (goals.targetLatency !== null) return untilFast(work, search, goals.targetLatency.share);
  if (goals.targetMacs !== null) return once(search, goals.targetMacs);
  if (goals.targetSize !== null) return untilSmall(work, search, goals.targetSize);
  return whileClose(work, search);
}

async function once(
  search: WidthSearch,
  { share, text }: { readonly share: number; readonly text: string },
): Promise<readonly Finding[]> {
  await search.try(share);
  const { isMet, cost } = search.choose(share);
  if (isMet) return [];
  const closest = `${(cost / search.choose(1).cost).toFixed(2)}x`;
  return [{ code: 'target-out-of-reach', details: { goal: '--target-macs', limit: text, closest } }];
}

const bisection = { low: 0.02, high: 1, tolerance: 0.02, mostTrials } satisfies Partial<BisectOptions<TriedWidths>>;

/** The widest model whose measured latency, and nearly all of its interval, is within the share. */
async function untilFast(work: PruneWork, search: WidthSearch, share: number): Promise<readonly Finding[]> {
  const each = ((work.request.budgetMs ?? 0) * (1 - finalShare)) / 6;
  const { best } = await bisect({
    ...bisection,
    wanted: 'largest',
    first: share,
    mostTrials: 8,
    identify: (at) => search.identify(at),
    trial: async (at) => {
      const tried = await search.try(at);
      const { candidates } = await measureCandidates(work, [tried.file.path], each);
      const measured = candidates.get(tried.file.path) ?? null;
      const value = { ...tried, measured };
      search.replace(value);
      const ratio = measured === null ? Infinity : 1 / measured.speedup.value;
      const upper = measured === null ? Infinity : 1 / (measured.speedup.low ?? measured.speedup.value);
      return { passes: ratio <= share * 0.98 && upper <= share * 1.03, value };
    },
  });
  if (best !== null) return [];
  const fastest = search.trials.reduce((most, { measured }) => Math.max(most, measured?.speedup.value ?? 0), 0);
  const closest = fastest === 0 ? 'nothing that was measured' : `${(1 / fastest).toFixed(2)}x`;
  const limit = work.request.goals.targetLatency?.text ?? '';
  return [{ code: 'target-out-of-reach', details: { goal: '--target-latency', limit, closest } }];
}

type TargetSize = NonNullable<PruneWork['request']['goals']['targetSize']>;

/** The largest model whose file is small enough. */
async function untilSmall(
  { original }: PruneWork,
  search: WidthSearch,
  { text, limit }: TargetSize,
): Promise<readonly Finding[]> {
  const most = 'bytes' in limit ? limit.bytes : limit.share * original.sizeBytes;
  const { best } = await bisect({
    ...bisection,
    wanted: 'largest',
    first: Math.min(0.98, most / original.sizeBytes),
    mostTrials: 6,
    identify: (at) => search.identify(at),
    trial: async (at) => {
      const value = await search.try(at);
      return { passes: value.file.sizeBytes <= most, value };
    },
  });
  if (best !== null) return [];
  const least = Math.min(...search.trials.map(({ file }) => file.sizeBytes));
  const closest = `${(least / original.sizeBytes).toFixed(2)}x`;
  return [{ code: 'target-out-of-reach', details: { goal: '--target-size', limit: text, closest } }];
}

/** The smallest model that is close enough. */
async function whileClose(work: PruneWork, search: WidthSearch): Promise<readonly Finding[]> {
  const { best } = await bisect({
    ...bisection,
    wanted: 'smallest',
    first: 0.6,
    identify: (at) => search.identify(at),
    trial: async (at) => {
      const value = await search.try(at);
      return { passes: isCloseEnough(value), value };
    },
  });
  if (best !== null) return [];
  const { maxDrop } = work.request.goals;
  const groups = new Set(search.trials.flatMap(({ narrowed }) => narrowed)).size;
  const details = { maxDrop: maxDrop?.text ?? defaultMaxDrop.text, candidates: search.trials.length, groups };
  return [{ code: 'no-room', details }];
}
