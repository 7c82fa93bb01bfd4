import { RuntimeError } from '../errors.ts';
import type { NamedTensors } from '../onnx/dense-tensor.ts';
import type { GpuMonitor } from '../runtime/gpu/gpu-monitor.ts';
import type { NoiseCounters } from '../runtime/noise-counters.ts';
import type { GenerationModel } from '../runtime/generation/generation-model.ts';
import type { GenerationRequest } from '../runtime/generation/generation.ts';
import type { Measurement, MeasureRule, Runtime, Session, SessionOptions, WarmUpRule } from '../runtime/runtime.ts';
import { median } from '../stats/quantile.ts';
import type { Round } from './bench-result.ts';
import { blockNoise } from './block-noise.ts';
import { commonWindow, windowBounds } from './common-window.ts';
import { joulesBetween } from './energy-between.ts';
import { gpuBlock } from './gpu-block.ts';
import { blockTokens } from './language/block-tokens.ts';
import { writerOf } from './language/writer-of.ts';
import { readShares } from './pinned-block.ts';
import { thinOut } from './thin-out.ts';

/** The part of a block's plan that the time budget decides. */
export interface BlockRule {
  readonly warmUp: WarmUpRule;
  readonly measure: Omit<MeasureRule, 'startAtMs'>;
}

export interface BlockRequest {
  readonly runtime: Runtime;
  readonly session: SessionOptions;
  readonly instances: number;
  readonly pool: readonly NamedTensors[];
  /** In the place of the pool: what a model that writes text is asked. */
  readonly generation?: { readonly model: GenerationModel; readonly requests: readonly GenerationRequest[] };
  readonly rule: BlockRule;
  readonly usableCores: number;
  readonly earlierSwitchesPerSecond: readonly number[];
  /** Processors of each instance, where they are held to some. */
  readonly processors?: readonly (readonly number[])[];
  /** Watches the GPU that the block runs on. */
  readonly gpu?: GpuMonitor;
  readonly signal?: AbortSignal | undefined;
}

export type Block = Omit<Round, 'round' | 'order' | 'noise'> & { readonly noise: Omit<Round['noise'], 'repeated'> };

/** Between the word to start and the barrier: enough for the message to reach every process. */
const barrierLeadMs = 15;

/**
 * One block: fresh processes load the model, run once, warm up, wait for each other and measure.
 *
 * Throws what the session throws; no process is left behind.
 */
export async function measureBlock(request: BlockRequest): Promise<Block> {
  const sessions = await openAll(request);
  try {
    const firstRuns = await Promise.all(sessions.map((session) => firstRun(session, request)));
    const warmUps = await Promise.all(sessions.map((session) => session.warmUp(request.rule.warmUp)));
    const measured = await measureTogether(sessions, request);
    return {
      ...measured,
      loadMs: median(sessions.map(({ loadMs }) => loadMs)),
      firstRunMs: median(firstRuns.map(({ elapsedMs }) => elapsedMs)),
      warmUp: {
        runs: Math.min(...warmUps.map(({ runs }) => runs)),
        elapsedMs: Math.max(...warmUps.map(({ elapsedMs }) => elapsedMs)),
        settled: warmUps.every(({ settled }) => settled),
      },
      peakRssBytes: sum(await Promise.all(sessions.map((session) => session.peakRssBytes()))),
      ...(request.processors !== undefined && { affinity: [...(await readShares(sessions, request.processors))] }),
    };
  } finally {
    await Promise.all(sessions.map((session) => session.close()));
  }
}

async function openAll(request: BlockRequest): Promise<readonly Session[]> {
  const { runtime, instances, signal } = request;
  const opened = await Promise.allSettled(
    Array.from({ length: instances }, (_, index) => runtime.open(instanceOptions(request, index), signal)),
  );
  const sessions = opened.flatMap((result) => (result.status === 'fulfilled' ? [result.value] : []));
  const failure = opened.find((result) => result.status === 'rejected');
  if (failure === undefined) return sessions;
  await Promise.all(sessions.map((open) => open.close()));
  throw failure.reason;
}

function instanceOptions({ session, processors }: BlockRequest, index: number): SessionOptions {
  const own = processors?.[index];
  return own === undefined ? session : { ...session, processors: own };
}

type Measured = Pick<
  Block,
  | 'cpuJoulesPerRun'
  | 'latencyMs'
  | 'stride'
  | 'runs'
  | 'sumMs'
  | 'minMs'
  | 'maxMs'
  | 'windowMs'
  | 'cpuUtilization'
  | 'noise'
  | 'gpu'
  | 'tokens'
>;

async function measureTogether(sessions: readonly Session[], request: BlockRequest): Promise<Measured> {
  const { runtime, rule, usableCores } = request;
  const before = runtime.noiseCounters();
  const startAtMs = runtime.nowMs() + barrierLeadMs;
  const measurements = await Promise.all(sessions.map((session) => session.measure({ ...rule.measure, startAtMs })));
  const after = runtime.noiseCounters();
  const { windowMs, latencyMs } = commonWindow(measurements);
  if (latencyMs.length === 0) throw neverTogether(request);
  const cpuShares = measurements.map(({ cpuMs, startsMs, endsMs }) => cpuMs / wallMs(startsMs, endsMs) / usableCores);
  return {
    ...thinOut(latencyMs, inputsOf(request).length * request.instances),
    ...tokensOf(measurements, request),
    windowMs,
    ...energyOfRun({ before, after, windowMs, runs: latencyMs.length }),
    cpuUtilization: sum(cpuShares),
    ...(request.gpu !== undefined && {
      gpu: gpuBlock(request.gpu, { ...windowBounds(measurements), runs: latencyMs.length }),
    }),
    noise: blockNoise({
      before,
      after,
      latencyMs,
      involuntarySwitches: sum(measurements.map(({ involuntarySwitches }) => involuntarySwitches)),
      occupancy: (request.session.threads * request.instances) / usableCores,
      earlierSwitchesPerSecond: request.earlierSwitchesPerSecond,
    }),
  };
}

/** The counters also run while the instances wait for each other: the window gets its share of that time. */
function energyOfRun({ before, after, windowMs, runs }: EnergySpan): Pick<Measured, 'cpuJoulesPerRun'> {
  const joules = joulesBetween(before.energy, after.energy);
  const elapsedMs = after.atMs - before.atMs;
  return joules === null || elapsedMs <= 0 ? {} : { cpuJoulesPerRun: (joules * (windowMs / elapsedMs)) / runs };
}

interface EnergySpan extends Readonly<Record<'before' | 'after', NoiseCounters>> {
  readonly windowMs: number;
  readonly runs: number;
}

/** Starved of a processor, one instance may begin after another has ended: nothing was measured then. */
function neverTogether({ session, instances }: BlockRequest): RuntimeError {
  return new RuntimeError('instances-apart', { model: session.modelPath, instances });
}

function wallMs(startsMs: Float64Array, endsMs: Float64Array): number {
  return (endsMs.at(-1) ?? Number.NaN) - (startsMs[0] ?? Number.NaN);
}

/** Null as soon as one is unknown: part of a sum is no sum. */
function sum(values: readonly (number | null)[]): number | null {
  return values.reduce<number | null>((total, value) => (total === null || value === null ? null : total + value), 0);
}

/** Runs once, and hands over what is to be cycled through. */
async function firstRun(session: Session, { pool, generation }: BlockRequest): Promise<{ readonly elapsedMs: number }> {
  if (generation === undefined) {
    const report = await session.run(firstOf(pool));
    await session.setInputs(pool);
    return report;
  }
  const { model, requests } = generation;
  const report = await writerOf(session).generate(model, firstOf(requests));
  await writerOf(session).setRequests(model, requests);
  return report;
}

function inputsOf({ pool, generation }: BlockRequest): readonly object[] {
  return generation?.requests ?? pool;
}

function tokensOf(measurements: readonly Measurement[], { generation }: BlockRequest): Pick<Block, 'tokens'> {
  if (generation === undefined) return {};
  const tokens = blockTokens(measurements, firstOf(generation.requests).prompts.length);
  return tokens === undefined ? {} : { tokens };
}

function firstOf<Input>(pool: readonly Input[]): Input {
  const [first] = pool;
  if (first === undefined) throw new RangeError('the input pool is empty');
  return first;
}
