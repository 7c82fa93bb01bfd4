import type { NamedTensors } from '../onnx/dense-tensor.ts';
import { median } from '../stats/quantile.ts';
import type { KernelEvent, RunEvents } from './kernel-events.ts';
import { countKernelEvents, runsOfProfile } from './kernel-events.ts';
import type { OnnxSessionOptions } from './onnxruntime.ts';
import { profiledRuns } from './profiled-runs.ts';
import type { NodeProfile } from './runtime.ts';
import { selfTimes } from './self-times.ts';

/**
 * Events of a profile at most. onnxruntime drops what comes after a million; one takes some 650 bytes of the file and
 * more of memory, so that far fewer are enough.
 */
const usualMostEvents = 150_000;

/** Runs that are profiled but not counted: the first ones allocate. */
const warmUpRuns = 2;

export interface ProfileRequest {
  readonly feeds: NamedTensors;
  /** Runs to take the median of; fewer are made where a run has very many events. */
  readonly runs: number;
  readonly onAlive?: (nowMs: number) => void;
  /** Events of the profile at most; 150,000 unless given. */
  readonly mostEvents?: number;
}

/**
 * Times every node of the optimized graph, in sessions of their own: one to count the events of a run, one to measure.
 * Profiling slows a model down, small nodes most of all: the times tell shares, not latency.
 */
export async function profileOf(
  options: OnnxSessionOptions,
  { feeds, runs, onAlive, mostEvents = usualMostEvents }: ProfileRequest,
): Promise<readonly NodeProfile[]> {
  const alive = onAlive === undefined ? {} : { onAlive };
  const eventsOfRun = countKernelEvents(await profiledRuns(options, { feeds, runs: 1, ...alive })) + 2;
  const affordable = Math.floor(mostEvents / eventsOfRun) - warmUpRuns;
  const measured = Math.max(1, Math.min(runs, affordable));
  const profile = await profiledRuns(options, { feeds, runs: warmUpRuns + measured, ...alive });
  return nodeProfiles(runsOfProfile(profile).slice(warmUpRuns));
}

interface Timed {
  readonly event: KernelEvent;
  readonly runsUs: number[];
}

/** One entry a node, in the order in which the nodes first ended. A node that ran several times in a run counts their sum. */
export function nodeProfiles(runs: readonly Pick<RunEvents, 'events'>[]): readonly NodeProfile[] {
  const nodes = new Map<string, Timed>();
  for (const { events } of runs) {
    const sums = new Map<string, number>();
    for (const { event, selfUs } of selfTimes(events)) {
      const key = `${event.op} ${event.name}`;
      if (!nodes.has(key)) nodes.set(key, { event, runsUs: [] });
      sums.set(key, (sums.get(key) ?? 0) + selfUs);
    }
    for (const [key, us] of sums) nodes.get(key)?.runsUs.push(us);
  }
  return [...nodes.values()].map(({ event: { name, op, provider, outputs }, runsUs }) => ({
    name,
    op,
    provider,
    outputs,
    runs: runsUs.length,
    medianMs: median(runsUs) / 1000,
  }));
}
