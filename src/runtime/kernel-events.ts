/** One execution of one node's kernel, as a profile of onnxruntime 1.30 tells it. Times in whole microseconds. */
export interface KernelEvent {
  /** The node's name in the optimized graph; `<op>_<index>` where it has none. */
  readonly name: string;
  readonly op: string;
  readonly provider: string;
  readonly startUs: number;
  readonly durationUs: number;
  readonly outputs: readonly { readonly type: string; readonly dims: readonly number[] }[];
}

const kernelTime = '_kernel_time';

/**
 * Kernel events of each run, in the order in which they ended: what a node's subgraphs did stands before the node.
 * Line by line, for a profile cut off in mid-write is no valid JSON, yet its events are good; a last run that never
 * ended is left out.
 */
export function kernelEventsByRun(profile: string): readonly (readonly KernelEvent[])[] {
  const runs: KernelEvent[][] = [];
  let run: KernelEvent[] = [];
  for (const line of linesOf(profile)) {
    const event = parseLine(line);
    const name = textOf(event, 'name');
    if (name === 'model_run') {
      runs.push(run);
      run = [];
    } else if (name.endsWith(kernelTime)) run.push(toKernelEvent(event, name.slice(0, -kernelTime.length)));
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
    outputs: shapesOf(field(args, 'output_type_shape')),
  };
}

/** Written as `[{"float":[1,3]},{"int64":[]}]`. */
function shapesOf(list: unknown): KernelEvent['outputs'] {
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
