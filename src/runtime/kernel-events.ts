import type { TensorKind } from './run-profile.ts';

/** One execution of one node's kernel, as a profile of onnxruntime 1.30 tells it. Times in whole microseconds. */
export interface KernelEvent {
  /** The node's name in the optimized graph; `<op>_<index>` where it has none. */
  readonly name: string;
  readonly op: string;
  readonly provider: string;
  readonly startUs: number;
  readonly durationUs: number;
  readonly inputs: readonly TensorKind[];
  readonly outputs: readonly TensorKind[];
  /** Of the node in its graph. These are null where the profile does not tell. */
  readonly index: number | null;
  readonly parameterBytes: number | null;
  readonly activationBytes: number | null;
  readonly outputBytes: number | null;
  /** Of the arena, when it ended, and the most until then. */
  readonly inUseBytes: number | null;
  readonly peakBytes: number | null;
  /** What its thread waited for the others of the pool; null without a pool. */
  readonly waitUs: number | null;
}

/** One run, from call to return. */
export interface RunEvents {
  readonly startUs: number;
  readonly durationUs: number;
  /** In the order in which they ended: what a node's subgraphs did stands before the node. */
  readonly events: readonly KernelEvent[];
}

const kernelTime = '_kernel_time';

/**
 * The runs of a profile. Line by line, for a profile cut off in mid-write is no valid JSON, yet its events are good; a
 * last run that never ended is left out.
 */
export function runsOfProfile(profile: string): readonly RunEvents[] {
  const runs: RunEvents[] = [];
  let events: KernelEvent[] = [];
  for (const line of linesOf(profile)) {
    const event = parseLine(line);
    const name = textOf(event, 'name');
    if (name === 'model_run') {
      runs.push({ startUs: numberOf(event, 'ts'), durationUs: numberOf(event, 'dur'), events });
      events = [];
    } else if (name.endsWith(kernelTime)) events.push(toKernelEvent(event, name.slice(0, -kernelTime.length)));
  }
  return runs;
}

/** Kernel events of a profile, counted without reading them. */
export function countKernelEvents(profile: string): number {
  let count = 0;
  for (let at = profile.indexOf(`${kernelTime}"`); at !== -1; at = profile.indexOf(`${kernelTime}"`, at + 1)) count++;
  return count;
}

/** Lines one at a time: a profile has up to a hundred megabytes. */
function* linesOf(text: string): Generator<string, void, undefined> {
  for (let from = 0; from < text.length;) {
    const end = text.indexOf('\n', from);
    const to = end === -1 ? text.length : end;
    yield text.slice(from, to);
    from = to + 1;
  }
}

function parseLine(line: string): unknown {
  const text = line.trimEnd().replace(/,$/, '');
  if (!text.startsWith('{')) return null;
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

function toKernelEvent(event: unknown, name: string): KernelEvent {
  const args = field(event, 'args');
  return {
    name,
    op: textOf(args, 'op_name'),
    provider: textOf(args, 'provider'),
    startUs: numberOf(event, 'ts'),
    durationUs: numberOf(event, 'dur'),
    inputs: shapesOf(field(args, 'input_type_shape')),
    outputs: shapesOf(field(args, 'output_type_shape')),
    index: countOf(args, 'node_index'),
    parameterBytes: countOf(args, 'parameter_size'),
    activationBytes: countOf(args, 'activation_size'),
    outputBytes: countOf(args, 'output_size'),
    inUseBytes: countOf(args, 'mem_bytes_in_use'),
    peakBytes: countOf(args, 'mem_in_use_peak'),
    waitUs: waitOf(field(args, 'thread_scheduling_stats')),
  };
}

/** `""` with one thread; else what the calling thread did, and how often each of the others was called. */
function waitOf(stats: unknown): number | null {
  const main = field(stats, 'main_thread');
  return main === undefined ? null : numberOf(main, 'Wait');
}

/** Written as `[{"float":[1,3]},{"int64":[]}]`. */
function shapesOf(list: unknown): readonly TensorKind[] {
  if (!Array.isArray(list)) return [];
  return list.flatMap((entry: unknown) => {
    if (typeof entry !== 'object' || entry === null) return [];
    return Object.entries(entry).map(([type, dims]: [string, unknown]) => ({
      type: ownTypeNames[type] ?? type,
      dims: Array.isArray(dims) ? dims.map(Number) : [],
    }));
  });
}

/** Types that onnxruntime calls otherwise than ONNX's readers do. */
const ownTypeNames: Readonly<Record<string, string>> = { float: 'float32', double: 'float64' };

function field(object: unknown, key: string): unknown {
  return typeof object === 'object' && object !== null && key in object ? Reflect.get(object, key) : undefined;
}

function textOf(object: unknown, key: string): string {
  const value = field(object, key);
  return typeof value === 'string' ? value : '';
}

function numberOf(object: unknown, key: string): number {
  const value = field(object, key);
  return typeof value === 'number' ? value : 0;
}

/** Counts are written as strings. */
function countOf(object: unknown, key: string): number | null {
  const value = textOf(object, key);
  return /^\d+$/.test(value) ? Number(value) : null;
}
