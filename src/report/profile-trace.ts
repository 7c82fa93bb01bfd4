import type { ProfiledKernel, ProfileResult, ProfileSubject } from '../profile/profile-result.ts';
import { kernelLabel, operatorsDone } from './profile-labels.ts';
import { timelineOf } from './profile-timeline.ts';
import { count } from './units.ts';

type TraceEvent = Readonly<Record<string, unknown>>;

/**
 * A run as Chrome trace events, for Perfetto and chrome://tracing: what is profiled is process 1, what it is compared
 * with process 2. Times are those of the profile, which slows a run down; `timeMs` of a kernel is what it takes without.
 * Source: Google, "Trace Event Format" (2016).
 */
export function profileTrace(result: ProfileResult): string {
  const subjects = [result, ...(result.compared === null ? [] : [result.compared.subject])];
  const trace = {
    displayTimeUnit: 'ms',
    otherData: {
      tool: `${result.tool.name} ${result.tool.version}`,
      createdAt: result.createdAt,
      command: result.command.join(' '),
      onnxruntime: result.environment.onnxruntime,
    },
    traceEvents: subjects.flatMap((subject, at) => eventsOf(subject, at + 1)),
  };
  return `${JSON.stringify(trace)}\n`;
}

function eventsOf(subject: ProfileSubject, pid: number): readonly TraceEvent[] {
  const { kind, durationMs, events } = timelineOf(subject);
  const { model, ep, threads, kernels } = subject;
  const place = { pid, tid: 1 };
  const ran = events.flatMap(({ kernel: at, startMs, durationMs: tookMs }): TraceEvent[] => {
    const kernel = kernels[at];
    if (kernel === undefined) return [];
    const span = { name: kernelLabel(kernel, subject), cat: kernel.op, ph: 'X', ts: us(startMs), dur: us(tookMs) };
    const memory = { name: 'arena', ph: 'C', pid, ts: us(startMs + tookMs), args: { bytes: kernel.arenaBytes } };
    return [{ ...span, ...place, args: argsOf(kernel, subject) }, ...(kernel.arenaBytes === null ? [] : [memory])];
  });
  return [
    named('process_name', { pid }, `${model.path} on ${ep}, ${count(threads, 'thread')}`),
    named('thread_name', place, kind === 'typical' ? 'the run that took the middle time' : 'the average of all runs'),
    { name: 'run', cat: 'run', ph: 'X', ts: 0, dur: us(durationMs), ...place },
    ...ran,
  ];
}

function named(what: string, place: object, name: string): TraceEvent {
  return { name: what, ph: 'M', ...place, args: { name } };
}

/** Microseconds, to a tenth: half of the kernels of a small model take less than ten. */
function us(ms: number): number {
  return Math.round(ms * 10_000) / 10;
}

function argsOf(kernel: ProfiledKernel, subject: ProfileSubject) {
  const { name, op, provider, share, timeMs, macs, bytes, gflopPerSecond, gbPerSecond, bound, added } = kernel;
  return {
    operator: op,
    kernel: name,
    nodes: operatorsDone(kernel, subject),
    provider,
    inputs: kernel.inputs.map(tensorText).join(', '),
    outputs: kernel.outputs.map(tensorText).join(', '),
    share: share.value,
    timeMs: timeMs.value,
    ...told({ macs, bytes, gflopPerSecond, gbPerSecond, bound, added }),
  };
}

function tensorText({ type, dims }: ProfiledKernel['inputs'][number]): string {
  return `${type}[${dims.join(', ')}]`;
}

/** What is not known is left out. */
function told(args: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  return Object.fromEntries(Object.entries(args).filter(([, value]) => value !== null));
}
