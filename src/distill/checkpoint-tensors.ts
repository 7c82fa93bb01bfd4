import { DataError } from '../errors.ts';
import type { DenseTensor, NamedTensors } from '../onnx/dense-tensor.ts';
import type { Checkpoint } from './checkpoint.ts';

/** Raised when what a checkpoint holds changes its meaning. */
const format = 1;
const headName = 'checkpoint';

interface Head extends Pick<Checkpoint, 'settings' | 'steps' | 'epochs'> {
  readonly format: number;
  /** Names of the tensors `state_0`, `state_1` …, which may hold what no file name can. */
  readonly state: readonly string[];
  readonly best: { readonly epoch: number; readonly weights: readonly string[] } | null;
}

/** A checkpoint as the arrays of one `.npz` file. */
export function checkpointTensors({ settings, steps, epochs, state, best }: Checkpoint): NamedTensors {
  const head: Head = {
    format,
    settings,
    steps,
    epochs,
    state: Object.keys(state),
    best: best && { epoch: best.epoch, weights: Object.keys(best.weights) },
  };
  const text = new TextEncoder().encode(JSON.stringify(head));
  return {
    [headName]: { type: 'uint8', dims: [text.length], data: text },
    ...numbered('state', state),
    ...numbered('best', best?.weights ?? {}),
  };
}

/** Reads them back; `path` is named in errors. Throws DataError for what is no checkpoint of this version. */
export function checkpointOf(read: (name: string) => DenseTensor, path: string): Checkpoint {
  const head = parseHead(read(headName), path);
  const { settings, steps, epochs, best } = head;
  const named = (prefix: string, names: readonly string[]): NamedTensors =>
    Object.fromEntries(names.map((name, index) => [name, read(`${prefix}_${index}`)]));
  return {
    settings,
    steps,
    epochs,
    state: named('state', head.state),
    best: best && { epoch: best.epoch, weights: named('best', best.weights) },
  };
}

function numbered(prefix: string, tensors: NamedTensors): NamedTensors {
  return Object.fromEntries(Object.values(tensors).map((tensor, index) => [`${prefix}_${index}`, tensor]));
}

function parseHead({ data }: DenseTensor, path: string): Head {
  const malformed = (problem: string) => new DataError('data-malformed', { path, offset: null, problem });
  try {
    const head: unknown = JSON.parse(new TextDecoder().decode(data instanceof Uint8Array ? data : new Uint8Array()));
    if (isHead(head)) return head;
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
  }
  throw malformed('it is no checkpoint of this version of infer; remove it to start anew');
}

function isHead(value: unknown): value is Head {
  if (typeof value !== 'object' || value === null || Reflect.get(value, 'format') !== format) return false;
  const part = (name: string): unknown => Reflect.get(value, name);
  const best = part('best');
  return (
    Array.isArray(part('state')) &&
    Array.isArray(part('epochs')) &&
    typeof part('steps') === 'number' &&
    typeof part('settings') === 'object' &&
    part('settings') !== null &&
    (best === null || (typeof best === 'object' && Array.isArray(Reflect.get(best, 'weights'))))
  );
}
