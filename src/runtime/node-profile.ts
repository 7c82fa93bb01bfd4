import type { NamedTensors } from '../onnx/dense-tensor.ts';
import { median } from '../stats/quantile.ts';
import type { KernelEvent } from './kernel-events.ts';
import { countKernelEvents, kernelEventsByRun } from './kernel-events.ts';
import type { OnnxSessionOptions } from './onnxruntime.ts';
import { profiledRuns } from './profiled-runs.ts';
import type { NodeProfile } from './runtime.ts';

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
  return nodeProfiles(kernelEventsByRun(profile).slice(warmUpRuns));
}

interface Timed {
  readonly event: KernelEvent;
  readonly runsUs: number[];
}

/** One entry a node, in the order in which the nodes first ended. A node that ran several times in a run counts their sum. */
export function nodeProfiles(runs: readonly (readonly KernelEvent[])[]): readonly NodeProfile[] {
  const nodes = new Map<string, Timed>();
  for (const events of runs) {
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

const opsWithSubgraphs: ReadonlySet<string> = new Set(['If', 'Loop', 'Scan']);

/** Durations less those of the nodes in a node's subgraphs, whose events lie before it and within its time. */
function selfTimes(
  events: readonly KernelEvent[],
): readonly { readonly event: KernelEvent; readonly selfUs: number }[] {
  const open: KernelEvent[] = [];
  return events.map((event) => {
    let selfUs = event.durationUs;
    // Only there: times are whole microseconds, and a quick neighbor may seem to lie within any node.
    while (opsWithSubgraphs.has(event.op)) {
      const inner = open.at(-1);
      if (inner === undefined || inner.startUs < event.startUs) break;
      open.pop();
      selfUs -= inner.durationUs;
    }
    open.push(event);
    return { event, selfUs: Math.max(0, selfUs) };
  });
}
