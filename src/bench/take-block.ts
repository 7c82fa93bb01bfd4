import type { BenchOptions } from './bench-options.ts';
import type { Round } from './bench-result.ts';
import type { BlockRule } from './measure-block.ts';
import { measureBlock } from './measure-block.ts';
import type { MeasuringPoint } from './point-state.ts';
import { shareProcessors } from './pinned-block.ts';
import { sessionOptions } from './session-options.ts';
import { onNvidia } from './gpu-block.ts';

export interface BlockTask {
  readonly state: MeasuringPoint;
  readonly rule: BlockRule;
  readonly round: number;
  readonly order: number;
  /** Whether there is time to repeat a dirty block. */
  readonly mayRepeat: () => boolean;
}

/**
 * Takes one block of a point. A dirty one is thrown away and repeated once, and the repetition counts whether it is
 * clean or not: a rule that went on until a block is clean would pick the fast ones.
 */
export async function takeBlock(task: BlockTask, options: BenchOptions): Promise<Round> {
  const first = await measureBlock(blockRequest(task, options));
  const where = { round: task.round, order: task.order };
  if (first.noise.dirty.length === 0 || !task.mayRepeat())
    return { ...where, ...first, noise: { ...first.noise, repeated: false } };
  const second = await measureBlock(blockRequest(task, options));
  return { ...where, ...second, noise: { ...second.noise, repeated: true } };
}

function blockRequest({ state, rule }: BlockTask, options: BenchOptions) {
  const { point, probe, rounds } = state;
  const path = options.models[point.modelIndex]?.path ?? '';
  const processors = options.pinTo === undefined ? null : shareProcessors(point, options.pinTo);
  return {
    runtime: options.runtime,
    session: sessionOptions(options, { path, ep: point.ep, threads: point.threads }),
    instances: point.instances,
    pool: probe.inputs.pool,
    ...generationOf(probe),
    rule,
    usableCores: options.usableCores,
    ...(processors !== null && { processors }),
    ...(options.gpu !== undefined && onNvidia(point.ep) ? { gpu: options.gpu.monitor } : {}),
    earlierSwitchesPerSecond: rounds.flatMap(({ noise }) => noise.involuntarySwitchesPerSecond ?? []),
    signal: options.signal,
  };
}

function generationOf({ generation }: MeasuringPoint['probe']) {
  if (generation === undefined) return {};
  const { model, requests } = generation;
  return { generation: { model: model.generation, requests } };
}
