import type { BenchOptions } from './bench-options.ts';
import type { Point } from './bench-result.ts';
import type { SkipReason } from './bench-warning.ts';
import type { PointState } from './point-state.ts';
import { onNvidia } from './gpu-block.ts';
import { summarizeGpu } from './summarize-gpu.ts';
import { cpuEnergyOf } from './energy-between.ts';
import { tokensOf } from './language/summarize-tokens.ts';
import { summarizePoint } from './summarize-point.ts';

const nothingMeasured = {
  loadMs: null,
  firstRunMs: null,
  latencyMs: null,
  throughput: null,
  cpuUtilization: null,
  peakRssBytes: null,
  precision: null,
} as const;

/** A point of the result from its state. A point that got no round says why. */
export function finishPoint(state: PointState, options: BenchOptions): Point {
  const { point, probe, rounds } = state;
  const batch = probe?.inputs.batch ?? point.batch;
  const measured = rounds.length === 0 ? nothingMeasured : summarizePoint(rounds, batch, point.instances);
  return {
    modelIndex: point.modelIndex,
    model: options.models[point.modelIndex]?.path ?? '',
    ep: point.ep,
    batch,
    threads: point.threads,
    instances: point.instances,
    dims: { ...(probe?.inputs.dims ?? point.dims) },
    requestedDims: { ...point.dims },
    ...outcome(state, options),
    ...measured,
    ...cpuEnergyOf(rounds, batch),
    ...pinnedOf(state),
    ...browserOf(state),
    gpu: gpuOf(state, options),
    ...checks(state),
    reachedPrecision: measured.precision !== null && measured.precision <= options.protocol.precision,
    rounds: [...rounds],
    ...tokensOf(rounds, probe?.generation),
    ...loadOf(state),
  };
}

function loadOf({ load }: PointState): Pick<Point, 'loads' | 'maxRate'> {
  if (load === undefined) return {};
  return { loads: [...load.loads], ...(load.maxRate !== undefined && { maxRate: load.maxRate }) };
}

function pinnedOf({ rounds }: PointState): Pick<Point, 'pinned'> {
  const shares = rounds.flatMap(({ affinity }) => affinity ?? []);
  const first = rounds[0]?.affinity;
  if (first === undefined) return {};
  return { pinned: { processors: first.map(({ asked }) => [...asked]), held: shares.every(({ held }) => held) } };
}

function browserOf({ probe }: PointState): Pick<Point, 'browser'> {
  if (probe?.browser === undefined) return {};
  const { adapter, ...facts } = probe.browser;
  const copied =
    adapter === null ? null : { ...adapter, features: [...adapter.features], limits: { ...adapter.limits } };
  return { browser: { ...facts, adapter: copied } };
}

function gpuOf({ point, probe, rounds }: PointState, { gpu }: BenchOptions): Point['gpu'] {
  if (!onNvidia(point.ep) || rounds.length === 0) return null;
  const batch = probe?.inputs.batch ?? point.batch;
  return summarizeGpu(rounds, { device: gpu?.device ?? 0, batch, copies: probe?.copies ?? null });
}

function outcome(state: PointState, options: BenchOptions): Pick<Point, 'status' | 'reason'> {
  if (state.status !== 'measuring')
    return { status: state.status, reason: { code: state.reason.code, details: { ...state.reason.details } } };
  if (state.rounds.length > 0) return { status: 'ok', reason: null };
  return { status: 'skipped', reason: unmeasured(options) };
}

function unmeasured(options: BenchOptions): SkipReason {
  if (options.signal?.aborted === true) return { code: 'interrupted', details: {} };
  return { code: 'budget-exhausted', details: { budgetMs: options.protocol.budgetMs } };
}

function checks({
  probe,
}: PointState): Pick<Point, 'outputsMatchCpu' | 'outputDifference' | 'outputsMatchExpected' | 'placement'> {
  const versusCpu = probe?.versusCpu ?? null;
  const comparable = versusCpu !== null && Number.isFinite(versusCpu.maxAbs) && Number.isFinite(versusCpu.maxRel);
  return {
    outputsMatchCpu: versusCpu?.matches ?? null,
    outputDifference: comparable ? { maxAbs: versusCpu.maxAbs, maxRel: versusCpu.maxRel } : null,
    outputsMatchExpected: probe?.versusExpected?.matches ?? null,
    placement: probe?.placement?.map((entry) => ({ ...entry })) ?? null,
  };
}
