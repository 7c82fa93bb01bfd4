import type { BenchOptions } from './bench-options.ts';
import type { Point, Round } from './bench-result.ts';
import type { BenchWarning } from './bench-warning.ts';
import type { BlockPlan } from './block-budget.ts';
import { gpuWarnings } from './gpu-warnings.ts';
import { languageWarnings } from './language/language-warnings.ts';
import { loadWarnings } from './load/load-warnings.ts';
import type { PointState } from './point-state.ts';
import { minimumSamples } from '../stats/minimum-samples.ts';
import { tailPercentiles } from './summarize-point.ts';

/** Latency times throughput must give the number of instances back; more than 5 % off, the harness is at fault. */
const littlesTolerance = 0.05;
/** Below this many runs an interval's edges alone are worth more than the tolerance. */
const littlesLeastRuns = 100;

export interface WarningContext {
  readonly options: BenchOptions;
  readonly plan: BlockPlan | null;
  readonly points: readonly Point[];
  readonly states: readonly PointState[];
}

/** Everything a reader should know before believing the numbers, the gravest first. */
export function collectWarnings(context: WarningContext): readonly BenchWarning[] {
  return [
    ...outputWarnings(context),
    ...languageWarnings(context),
    ...loadWarnings(context.points, context.options.load),
    ...skippedProviders(context),
    ...noiseWarnings(context),
    ...gpuWarnings(context.points, context.options),
    ...budgetWarnings(context),
    ...statisticsWarnings(context),
    ...setupWarnings(context),
    ...guessWarnings(context),
  ];
}

function outputWarnings({ points, states, options }: WarningContext): readonly BenchWarning[] {
  const warnings = points.flatMap((point, index): BenchWarning[] => {
    const probe = states[index]?.probe;
    const where = { model: options.models[point.modelIndex]?.path ?? '', ep: point.ep };
    const onCpu = point.placement?.find(({ provider }) => provider === 'CPUExecutionProvider')?.nodes ?? 0;
    const all = point.placement?.reduce((total, { nodes }) => total + nodes, 0) ?? 0;
    const { versusCpu = null, versusExpected = null } = probe ?? {};
    return [
      ...(versusCpu !== null && !versusCpu.matches
        ? [{ code: 'outputs-differ-from-cpu' as const, details: { ...where, ...differences(versusCpu) } }]
        : []),
      ...(versusExpected !== null && !versusExpected.matches
        ? [
            {
              code: 'outputs-differ-from-expected' as const,
              details: { ...where, output: versusExpected.worstOutput ?? '', maxAbs: finite(versusExpected.maxAbs) },
            },
          ]
        : []),
      ...(onCpu > 0 ? [{ code: 'nodes-on-cpu' as const, details: { ...where, nodes: onCpu, of: all } }] : []),
    ];
  });
  return distinct(warnings);
}

function differences({ maxAbs, maxRel }: { maxAbs: number; maxRel: number }) {
  return { maxAbs: finite(maxAbs), maxRel: finite(maxRel) };
}

/** JSON knows no infinity. */
function finite(value: number): number {
  return Number.isFinite(value) ? value : Number.MAX_VALUE;
}

function skippedProviders({ options }: WarningContext): readonly BenchWarning[] {
  return [...options.unusable].map(([ep, why]) => ({ code: 'provider-skipped', details: { ep, ...why } }));
}

function noiseWarnings({ points }: WarningContext): readonly BenchWarning[] {
  const rounds = points.flatMap((point) => point.rounds);
  const dirty = rounds.filter(({ noise }) => noise.dirty.length > 0);
  const repeated = rounds.filter(({ noise }) => noise.repeated).length;
  const blocks = rounds.length;
  const rules = [...new Set(dirty.flatMap(({ noise }) => noise.dirty))];
  return [
    ...(dirty.length > 0
      ? [
          {
            code: 'noisy-machine' as const,
            details: { dirtyBlocks: dirty.length, blocks, rules, ...worstShares(dirty) },
          },
        ]
      : []),
    ...(repeated > 0 ? [{ code: 'repeated-blocks' as const, details: { repeated, blocks } }] : []),
  ];
}

function worstShares(rounds: readonly Round[]): { stalledShare: number | null; stealShare: number | null } {
  return {
    stalledShare: largest(rounds.map(({ noise }) => noise.stalledShare)),
    stealShare: largest(rounds.map(({ noise }) => noise.stealShare)),
  };
}

function largest(values: readonly (number | null)[]): number | null {
  const known = values.filter((value) => value !== null);
  return known.length === 0 ? null : Math.max(...known);
}

function budgetWarnings({ options, plan, points }: WarningContext): readonly BenchWarning[] {
  if (plan === null) return [];
  const { budgetMs, rounds: wanted, minRuns } = options.protocol;
  const measured = points.filter(({ rounds }) => rounds.length > 0);
  // A point that failed lost its rounds to the failure.
  const short = measured.filter(({ status, rounds }) => status === 'ok' && rounds.length < wanted);
  // A plan of fewer runs costs a fast model none: it makes more of them in the least time of a block.
  const fewestRuns = measured.map(({ rounds, instances }) => Math.min(...rounds.map(({ runs }) => runs)) / instances);
  const shrunk = fewestRuns.filter((runs) => plan.runs < minRuns && Math.ceil(runs) < minRuns);
  return [
    ...(!plan.isHard && plan.estimatedMs > budgetMs
      ? [{ code: 'budget-stretched' as const, details: { budgetMs, estimatedMs: plan.estimatedMs } }]
      : []),
    ...(shrunk.length > 0
      ? [
          {
            code: 'budget-shrunk-runs' as const,
            details: { points: shrunk.length, runs: Math.ceil(Math.min(...shrunk)) },
          },
        ]
      : []),
    ...(short.length > 0 && options.signal?.aborted !== true
      ? [
          {
            code: 'budget-lost-rounds' as const,
            details: { points: short.length, rounds: Math.min(...short.map(({ rounds }) => rounds.length)), wanted },
          },
        ]
      : []),
  ];
}

function statisticsWarnings({ options, points }: WarningContext): readonly BenchWarning[] {
  const measured = points.filter(({ rounds }) => rounds.length > 0);
  const imprecise = measured.filter(({ reachedPrecision, precision }) => !reachedPrecision && precision !== null);
  const unsettled = measured.filter(({ rounds }) => rounds.some(({ warmUp }) => !warmUp.settled)).length;
  return [
    ...(measured.some(({ rounds }) => rounds.length === 1)
      ? [{ code: 'one-round' as const, details: { rounds: 1 } }]
      : []),
    ...(imprecise.length > 0
      ? [
          {
            code: 'precision-missed' as const,
            details: {
              points: imprecise.length,
              of: measured.length,
              worst: largest(imprecise.map(({ precision }) => precision)) ?? 0,
              wanted: options.protocol.precision,
              full: imprecise.filter(({ threads, instances }) => threads * instances >= options.usableCores).length,
            },
          },
        ]
      : []),
    ...(unsettled > 0 ? [{ code: 'warm-up-unsettled' as const, details: { points: unsettled } }] : []),
    ...tailWarnings(measured),
    ...littlesLaw(measured),
  ];
}

function tailWarnings(measured: readonly Point[]): readonly BenchWarning[] {
  return tailPercentiles.flatMap((percentile) => {
    const needed = minimumSamples(percentile);
    // Of requests for texts the times between tokens are what has a tail.
    const points = measured.filter(
      ({ latencyMs, tokens }) => tokens === undefined && (latencyMs?.samples ?? 0) < needed,
    ).length;
    return points === 0
      ? []
      : [{ code: 'tail-too-few-runs' as const, details: { percentile: Math.round(percentile * 100), needed, points } }];
  });
}

function littlesLaw(measured: readonly Point[]): readonly BenchWarning[] {
  const broken = measured.flatMap(({ latencyMs, throughput, instances, rounds }) => {
    const runs = rounds.reduce((total, round) => total + round.runs, 0);
    if (latencyMs === null || throughput === null || runs < littlesLeastRuns * instances) return [];
    const inFlight = (throughput.runsPerSecond.value * latencyMs.mean.value) / 1000;
    const off = Math.abs(inFlight / instances - 1);
    return off > littlesTolerance ? [off] : [];
  });
  return broken.length === 0
    ? []
    : [{ code: 'littles-law-broken', details: { points: broken.length, worst: Math.max(...broken) } }];
}

function setupWarnings({ options, points }: WarningContext): readonly BenchWarning[] {
  const crowded = points.filter(({ threads, instances }) => threads * instances > options.usableCores);
  const lost = points.filter(({ pinned }) => pinned?.held === false).length;
  const unpinned: BenchWarning[] = lost === 0 ? [] : [{ code: 'pinning-lost', details: { points: lost } }];
  const overCores = distinct(
    crowded.map(({ threads, instances }) => ({
      code: 'threads-over-cores' as const,
      details: { threads, instances, cores: options.usableCores },
    })),
  );
  return [...unpinned, ...overCores];
}

function guessWarnings({ options, states }: WarningContext): readonly BenchWarning[] {
  const warnings = states.flatMap(({ point, probe }): BenchWarning[] => {
    const model = options.models[point.modelIndex]?.path ?? '';
    const notes = (probe?.inputs.notes ?? []).map((note): BenchWarning =>
      note.code === 'dimension-guessed'
        ? { code: note.code, details: { model, ...note.details } }
        : { code: note.code, details: { model, ...note.details } },
    );
    // Who asks for a pool of one knows.
    const isSingle = probe?.inputs.pool.length === 1 && options.inputs.poolSize > 1;
    return isSingle ? [...notes, { code: 'single-input', details: { model } }] : notes;
  });
  return distinct(warnings);
}

function distinct(warnings: readonly BenchWarning[]): readonly BenchWarning[] {
  return [...new Map(warnings.map((warning) => [JSON.stringify(warning), warning])).values()];
}
