import type { NamedTensors } from '../onnx/dense-tensor.ts';
import type { KernelEvent, RunEvents } from './kernel-events.ts';
import { countKernelEvents, runsOfProfile } from './kernel-events.ts';
import type { OnnxSessionOptions } from './onnxruntime.ts';
import { profiledRuns } from './profiled-runs.ts';
import type { KernelRuns, ProfileRunsRequest, RunProfile, TypicalRun } from './run-profile.ts';
import type { SelfTime } from './self-times.ts';
import { selfTimes } from './self-times.ts';

/** Runs that are profiled but not counted: the first ones allocate. */
const warmUpRuns = 2;

export interface WorkerProfileRequest extends ProfileRunsRequest {
  readonly feeds: NamedTensors;
  readonly onAlive?: (nowMs: number) => void;
}

/** Profiles runs in a session of their own. Throws onnxruntime's own error. */
export async function profileRuns(
  options: OnnxSessionOptions,
  { feeds, runs, mostEvents, eventsPerRun, onAlive }: WorkerProfileRequest,
): Promise<RunProfile> {
  const alive = onAlive === undefined ? {} : { onAlive };
  const events = eventsPerRun ?? countKernelEvents(await profiledRuns(options, { feeds, runs: 1, ...alive }));
  // What stands beside the kernels: the run, and its executor.
  const affordable = Math.floor(mostEvents / (events + 2)) - warmUpRuns;
  const made = Math.max(1, Math.min(runs, affordable));
  const profile = await profiledRuns(options, { feeds, runs: warmUpRuns + made, ...alive });
  const told = runsOfProfile(profile).slice(warmUpRuns);
  return { ...summarizeRuns(told), eventsPerRun: events, isCutOff: told.length < runs };
}

/** Sums up the runs of a profile by kernel. */
export function summarizeRuns(runs: readonly RunEvents[]): Omit<RunProfile, 'eventsPerRun' | 'isCutOff'> {
  const ledger = new KernelLedger(runs.length);
  const kernelsByRun = runs.map(({ events }, run) => ledger.note(run, selfTimes(events)));
  const durations = runs.map(({ durationUs }) => durationUs);
  return { kernels: ledger.kernels(), runsUs: durations, typical: typicalRun(runs, kernelsByRun) };
}

function typicalRun(runs: readonly RunEvents[], kernelsByRun: readonly (readonly number[])[]): TypicalRun | null {
  const order = runs.map((_, run) => run).toSorted((a, b) => (runs[a]?.durationUs ?? 0) - (runs[b]?.durationUs ?? 0));
  const middle = order[Math.floor((order.length - 1) / 2)];
  const run = middle === undefined ? undefined : runs[middle];
  if (middle === undefined || run === undefined) return null;
  const events = run.events.map(({ startUs, durationUs }, at) => ({
    kernel: kernelsByRun[middle]?.[at] ?? 0,
    startUs: startUs - run.startUs,
    durationUs,
  }));
  return { durationUs: run.durationUs, events };
}

interface Entry {
  readonly event: KernelEvent;
  /** Key of the kernel that held it. */
  readonly within: string | null;
  readonly selfUs: number[];
  readonly calls: number[];
  readonly waitUs: number[] | null;
  inUseBytes: number | null;
  peakBytes: number | null;
}

/** Kernels by the body that they ran in, their operator and name. */
class KernelLedger {
  readonly #runs: number;
  readonly #entries: Entry[] = [];
  readonly #places = new Map<string, number>();

  constructor(runs: number) {
    this.#runs = runs;
  }

  /** Adds a run; returns the kernel of each of its events. */
  note(run: number, times: readonly SelfTime[]): readonly number[] {
    const keys = keysOf(times);
    return times.map((time, at) => {
      const { place, entry } = this.#entryFor(keys[at] ?? '', time, keys[time.within ?? -1] ?? null);
      addTo(entry, run, time);
      return place;
    });
  }

  kernels(): readonly KernelRuns[] {
    return this.#entries.map(({ event, within, selfUs, calls, waitUs, inUseBytes, peakBytes }) => {
      const { name, op, provider, index, inputs, outputs, parameterBytes, activationBytes, outputBytes } = event;
      const what = { name, op, provider, index, within: this.#places.get(within ?? '') ?? null, inputs, outputs };
      return { ...what, parameterBytes, activationBytes, outputBytes, inUseBytes, peakBytes, selfUs, calls, waitUs };
    });
  }

  #entryFor(key: string, { event }: SelfTime, within: string | null) {
    const place = this.#places.get(key) ?? this.#entries.length;
    const zeros = () => Array.from({ length: this.#runs }, () => 0);
    const waitUs = event.waitUs === null ? null : zeros();
    const fresh = { event, within, selfUs: zeros(), calls: zeros(), waitUs, inUseBytes: null, peakBytes: null };
    const entry: Entry = this.#entries[place] ?? fresh;
    this.#places.set(key, place);
    this.#entries[place] = entry;
    return { place, entry };
  }
}

/** What holds others ends after them, so that keys are made from the last on. */
function keysOf(times: readonly SelfTime[]): readonly string[] {
  const keys = times.map(() => '');
  for (const [at, { event, within }] of [...times.entries()].toReversed())
    keys[at] = `${within === null ? '' : `${keys[within]} > `}${event.index ?? ''} ${event.op} ${event.name}`;
  return keys;
}

function addTo(entry: Entry, run: number, { event, selfUs }: SelfTime): void {
  entry.selfUs[run] = (entry.selfUs[run] ?? 0) + selfUs;
  entry.calls[run] = (entry.calls[run] ?? 0) + 1;
  if (entry.waitUs !== null) entry.waitUs[run] = (entry.waitUs[run] ?? 0) + (event.waitUs ?? 0);
  entry.inUseBytes = larger(entry.inUseBytes, event.inUseBytes);
  entry.peakBytes = larger(entry.peakBytes, event.peakBytes);
}

function larger(a: number | null, b: number | null): number | null {
  return a === null || b === null ? (a ?? b) : Math.max(a, b);
}
