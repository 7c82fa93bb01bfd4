import { UsageError } from '../errors.ts';
import { bestPoints } from './best-points.ts';
import type { BenchOptions } from './bench-options.ts';
import type { BenchFindings } from './bench-result.ts';
import { planBlocks } from './block-budget.ts';
import type { BlockPlan } from './block-budget.ts';
import { checkNames } from './case-inputs.ts';
import type { ModelInputs } from './case-inputs.ts';
import { collectWarnings } from './collect-warnings.ts';
import { compareModels } from './compare-models.ts';
import { finishPoint } from './finish-point.ts';
import type { LanguagePlan } from './language/plan-language.ts';
import { planLanguage } from './language/plan-language.ts';
import { probeLanguage } from './language/probe-language.ts';
import { initialState, isMeasuring } from './point-state.ts';
import type { PointState } from './point-state.ts';
import { checkRates } from './load/schedule.ts';
import { runLoads } from './load/run-loads.ts';
import { probeKey, probeModel, readModelInputs } from './probe-model.ts';
import type { Probe } from './probe-model.ts';
import { shareProcessors } from './pinned-block.ts';
import { runRounds } from './run-rounds.ts';
import { caseKey, expandSweep } from './sweep.ts';
import type { InputCase, SweepPoint } from './sweep.ts';

/**
 * Measures every point of a sweep: probes the models, plans blocks into the budget, takes interleaved rounds and sums
 * them up. Throws UsageError, DataError and ModelError before anything is measured; a point that fails later is kept
 * as failed. An aborted run returns what was finished.
 */
export async function runBench(asked: BenchOptions): Promise<BenchFindings> {
  const startedMs = asked.runtime.nowMs();
  if (asked.load !== undefined) checkRates(asked.load);
  const models: ModelInputs[] = [];
  for (const file of asked.models) models.push(await readModelInputs(file, asked));
  const language = planLanguage(models, asked);
  const options = language?.options ?? asked;
  if (language === null) checkNames(models, options);
  else refuseLoad(asked);
  const points = expandSweep(options.axes);
  const states = await probeAll({ models, language }, points, options);
  // A budget that the user gave is for everything; the default one is for the rounds.
  const roundsFromMs = options.protocol.budgetIsHard ? startedMs : options.runtime.nowMs();
  const plan = planRounds(states, options, roundsFromMs);
  const summarize = (now: readonly PointState[]) => summarizeRun({ options, models, plan, states: now, startedMs });
  const finished = await runRounds(
    {
      states,
      plan,
      startedMs: roundsFromMs,
      onRound: (round, now) => {
        const precisions = summarize(now).points.flatMap(({ precision }) => precision ?? []);
        const worstPrecision = precisions.length === 0 ? null : Math.max(...precisions);
        options.onEvent({ kind: 'round', round, worstPrecision, findings: () => summarize(now) });
      },
    },
    options,
  );
  return summarize(await underLoad(finished, options, summarize));
}

/** The states with what was found out under load, where that was asked for. */
async function underLoad(
  states: readonly PointState[],
  options: BenchOptions,
  summarize: (now: readonly PointState[]) => BenchFindings,
): Promise<readonly PointState[]> {
  const { load: settings, onEvent } = options;
  if (settings === undefined) return states;
  return runLoads(
    {
      states,
      settings,
      onStep: (point, step) => onEvent({ kind: 'load', point, step }),
      onProgress: (now) => onEvent({ kind: 'loaded', findings: () => summarize(now) }),
    },
    options,
  );
}

/** A request under load is a single run. */
function refuseLoad({ load, models: [model] }: BenchOptions): void {
  if (load !== undefined) throw new UsageError('load-writes-text', { model: model?.path ?? '' });
}

interface Probed {
  readonly models: readonly ModelInputs[];
  /** Null where single runs are measured. */
  readonly language: LanguagePlan | null;
}

async function probeAll(
  { models, language }: Probed,
  points: readonly SweepPoint[],
  options: BenchOptions,
): Promise<readonly PointState[]> {
  const probes =
    language === null
      ? await probeModels(models, points, options)
      : await probeLanguage(language, distinctCases(points));
  return points.map((point) => initialState(point, probeOf(point, probes, options), options.usableCores));
}

async function probeModels(
  models: readonly ModelInputs[],
  points: readonly SweepPoint[],
  options: BenchOptions,
): Promise<ReadonlyMap<string, Probe>> {
  const probes = new Map<string, Probe>();
  for (const [modelIndex, model] of models.entries()) {
    const cases = distinctCases(points.filter((point) => point.modelIndex === modelIndex));
    const providers = options.axes.providers.filter((ep) => !options.unusable.has(ep));
    const probed = await probeModel(model, { modelIndex, path: model.path, cases, providers }, options);
    for (const [key, probe] of probed.probes) probes.set(key, probe);
  }
  return probes;
}

function probeOf(point: SweepPoint, probes: ReadonlyMap<string, Probe>, options: BenchOptions): Probe {
  const unusable = options.unusable.get(point.ep);
  if (unusable !== undefined)
    return { status: 'skipped', reason: { code: 'provider-unusable', details: { ep: point.ep, ...unusable } } };
  const { pinTo } = options;
  if (pinTo !== undefined && shareProcessors(point, pinTo) === null) {
    const { threads, instances } = point;
    return { status: 'skipped', reason: { code: 'too-few-to-pin', details: { threads, instances, of: pinTo.length } } };
  }
  const probe = probes.get(probeKey(point.ep, point));
  return probe ?? { status: 'skipped', reason: { code: 'interrupted', details: {} } };
}

function distinctCases(points: readonly SweepPoint[]): readonly InputCase[] {
  return [
    ...new Map(
      points.map(({ modelIndex, dims, batch }) => {
        const inputCase = { modelIndex, dims, batch };
        return [caseKey(inputCase), inputCase];
      }),
    ).values(),
  ];
}

function planRounds(states: readonly PointState[], options: BenchOptions, fromMs: number): BlockPlan {
  const { protocol } = options;
  const costs = states.filter(isMeasuring).map(({ cost }) => cost);
  const budgetMs = protocol.budgetMs - (options.runtime.nowMs() - fromMs);
  const plan = planBlocks(costs, { ...protocol, budgetMs, isHard: protocol.budgetIsHard });
  options.onEvent({
    kind: 'planned',
    points: costs.length,
    rounds: plan.rounds,
    runs: plan.runs,
    estimatedMs: plan.estimatedMs,
    budgetMs: protocol.budgetMs,
    budgetIsHard: protocol.budgetIsHard,
    ...(options.load !== undefined && { load: options.load }),
  });
  return plan;
}

interface Run {
  readonly options: BenchOptions;
  readonly models: readonly ModelInputs[];
  readonly plan: BlockPlan;
  readonly states: readonly PointState[];
  readonly startedMs: number;
}

function summarizeRun({ options, models, plan, states, startedMs }: Run): BenchFindings {
  const { protocol } = options;
  const points = states.map((state) => finishPoint(state, options));
  return {
    warnings: collectWarnings({ options, plan, points, states }).map(({ code, details }) => ({
      code,
      details: { ...details },
    })),
    settings: {
      seed: protocol.seed,
      optimization: protocol.optimization,
      precision: protocol.precision,
      minRuns: plan.runs,
      minMs: plan.minMs,
      budgetMs: protocol.budgetMs,
      budgetIsHard: protocol.budgetIsHard,
      roundsPlanned: plan.rounds,
      inputs: options.inputs.description,
      ...(options.maxLatency !== undefined && { maxLatency: { ...options.maxLatency } }),
      ...(options.load?.objective != null && { objective: { ...options.load.objective } }),
    },
    models: options.models.map(({ path, sha256, sizeBytes }, index) => ({
      path,
      sha256,
      sizeBytes,
      ...signatureOf(models[index]),
    })),
    points,
    comparisons: [...compareModels(points)],
    best: bestPoints(points, options.maxLatency),
    elapsedMs: options.runtime.nowMs() - startedMs,
    interrupted: options.signal?.aborted === true,
  };
}

function signatureOf(model: ModelInputs | undefined) {
  return { inputs: copyValues(model?.signature.inputs), outputs: copyValues(model?.signature.outputs) };
}

function copyValues(values: ModelInputs['signature']['inputs'] = []) {
  return values.map(({ name, type, shape }) => ({ name, type, shape: [...shape] }));
}
