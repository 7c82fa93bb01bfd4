import type { BenchOptions } from './bench-options.ts';
import type { Point } from './bench-result.ts';
import type { SkipReason } from './bench-warning.ts';
import type { PointState } from './point-state.ts';
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
    gpu: null,
    ...checks(state),
    reachedPrecision: measured.precision !== null && measured.precision <= options.protocol.precision,
    rounds: [...rounds],
  };
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
