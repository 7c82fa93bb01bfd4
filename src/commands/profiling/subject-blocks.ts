import type { BenchOptions } from '../../bench/bench-options.ts';
import { blockRule, planBlocks } from '../../bench/block-budget.ts';
import type { MeasuringPoint } from '../../bench/point-state.ts';
import { sessionOptions } from '../../bench/session-options.ts';
import { takeBlock } from '../../bench/take-block.ts';
import type { SubjectBlocks } from '../../profile/profile-options.ts';
import { median } from '../../stats/quantile.ts';

/** What a block without profiling is where the budget allows. */
export const wholeBlock = { minRuns: 30, minMs: 300, warmUpMs: 150 } as const;

/** Of the budget; the rest is for profiled blocks. */
const plainPart = 0.4;

export interface BlockSource {
  readonly state: MeasuringPoint;
  readonly options: BenchOptions;
  /** The copy that is profiled. */
  readonly markedPath: string;
}

/** Measures blocks as `infer bench` does, and profiled ones of the marked copy: each in a process of its own. */
export function subjectBlocks({ state, options, markedPath }: BlockSource): SubjectBlocks {
  const { runtime, protocol, signal } = options;
  const budgetMs = protocol.budgetMs * plainPart;
  const plan = planBlocks([state.cost], { ...wholeBlock, rounds: protocol.rounds, budgetMs, isHard: true });
  const rule = blockRule(plan, state.cost);
  const { ep, threads } = state.point;
  const [feeds = {}] = state.probe.inputs.pool;
  return {
    plain: async (round) => {
      const block = await takeBlock({ state, rule, round, order: round, mayRepeat: () => true }, options);
      return median(block.latencyMs);
    },
    profiled: async (request) => {
      const session = await runtime.open(sessionOptions(options, { path: markedPath, ep, threads }), signal);
      try {
        return await session.profileRuns(feeds, request);
      } finally {
        await session.close();
      }
    },
  };
}
