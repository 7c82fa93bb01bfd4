import { InferError } from '../../errors.ts';
import { isDisturbed } from './is-disturbed.ts';
import type { MeasuredRoofs } from './measured-roofs.ts';
import type { OpenWorkload } from './open-workload.ts';
import { openWorkload } from './open-workload.ts';
import { productWorkload } from './product-workload.ts';
import type { RoofsRequest } from './roofs-request.ts';
import { trafficBytes, trafficWorkload } from './traffic-workload.ts';
import type { Workload } from './workload.ts';

/** Workloads take turns, so that a slow moment of the machine meets all of them. */
const fewestRounds = 5;

/** On a busy machine it takes longer until each had an undisturbed moment. */
const mostRounds = 15;

/** Done when so many rounds in a row have brought no workload more than this. */
const steadyRounds = 3;
const progress = 1.02;

const blockRule = { minRuns: 3, minMs: 150, maxMs: 2000, floorRuns: 2 };

/** The threads of the workload before go on spinning for a while. */
const settleMs = 60;

type Rates = Omit<MeasuredRoofs, 'disturbed'>;

/**
 * Measures what the provider reaches at best with so many threads. The roof of a type whose products do not run is left
 * out. Throws RuntimeError when float32 does not run either, UsageError when there is no place for the models.
 */
export async function measureRoofs(request: RoofsRequest): Promise<MeasuredRoofs> {
  const opened = new Map<keyof Rates, OpenWorkload>();
  try {
    for (const [name, workload] of workloadsOf(request)) {
      const open = await openOrNull(workload, name, request);
      if (open !== null) opened.set(name, open);
    }
    const before = request.runtime.noiseCounters();
    const best = await bestRates(opened, request);
    const disturbed = isDisturbed(before, request.runtime.noiseCounters());
    return { gflopPerSecond: 0, gbPerSecond: 0, ...Object.fromEntries(best), disturbed };
  } finally {
    await Promise.all([...opened.values()].map((open) => open.close()));
  }
}

function workloadsOf({ provider, threads, environment, precisions }: RoofsRequest): Map<keyof Rates, Workload> {
  const isCpu = provider === 'cpu';
  const workloads = new Map<keyof Rates, Workload>([
    ['gflopPerSecond', productWorkload('float32')],
    ['gbPerSecond', trafficWorkload(trafficBytes({ isCpu, threads, memory: environment.memory }))],
  ]);
  if (precisions.includes('int8')) workloads.set('int8GopPerSecond', productWorkload('int8'));
  // The CPU provider computes 16-bit floats as float32.
  if (precisions.includes('float16') && !isCpu) workloads.set('float16GflopPerSecond', productWorkload('float16'));
  return workloads;
}

async function openOrNull(workload: Workload, name: keyof Rates, request: RoofsRequest): Promise<OpenWorkload | null> {
  try {
    return await openWorkload(workload, request);
  } catch (error) {
    request.signal?.throwIfAborted();
    const isOptional = name === 'int8GopPerSecond' || name === 'float16GflopPerSecond';
    if (isOptional && error instanceof InferError) return null;
    throw error;
  }
}

/**
 * In thousands of millions a second, by the best run: noise only ever makes a machine slower, and what was done in twenty
 * milliseconds is no accident (STREAM counts the best of its runs too).
 */
async function bestRates(opened: ReadonlyMap<keyof Rates, OpenWorkload>, request: RoofsRequest) {
  const best = new Map<keyof Rates, number>();
  let steady = 0;
  for (let round = 0; round < mostRounds && (round < fewestRounds || steady < steadyRounds); round++) {
    let isSteady = true;
    for (const [name, workload] of opened) {
      const rate = await bestRate(workload, request);
      const before = best.get(name) ?? 0;
      isSteady &&= rate <= before * progress;
      best.set(name, Math.max(before, rate));
    }
    steady = isSteady ? steady + 1 : 0;
  }
  return best;
}

async function bestRate({ session, amount }: OpenWorkload, { runtime, signal }: RoofsRequest): Promise<number> {
  signal?.throwIfAborted();
  const { startsMs, endsMs } = await session.measure({ ...blockRule, startAtMs: runtime.nowMs() + settleMs });
  const bestMs = endsMs.reduce((best, endMs, run) => Math.min(best, endMs - (startsMs[run] ?? -Infinity)), Infinity);
  return amount / (bestMs * 1e6);
}
