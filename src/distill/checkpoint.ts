import { UsageError } from '../errors.ts';
import type { NamedTensors } from '../onnx/dense-tensor.ts';
import type { EpochRecord } from './distill-result.ts';

/** Where a training is after an epoch: all it takes to go on as if it had never stopped. */
export interface Checkpoint {
  /** What must not differ, by what it is called. */
  readonly settings: Readonly<Record<string, string>>;
  /** Parameters and moments by the names of the step's inputs. */
  readonly state: NamedTensors;
  readonly steps: number;
  readonly epochs: readonly EpochRecord[];
  /** The best student so far; null when none is better than the input. */
  readonly best: { readonly epoch: number; readonly weights: NamedTensors } | null;
}

/** Keeps one checkpoint, whole or not at all. */
export interface CheckpointStore {
  readonly path: string;
  /** Null where there is none. Throws DataError for one that cannot be read. */
  read(): Promise<Checkpoint | null>;
  write(checkpoint: Checkpoint): Promise<void>;
  remove(): Promise<void>;
}

/** Refuses a checkpoint of another training. Throws UsageError 'checkpoint-unlike'. */
export function checkSameTraining(path: string, found: Checkpoint['settings'], wanted: Checkpoint['settings']): void {
  const names = new Set([...Object.keys(found), ...Object.keys(wanted)]);
  const differing = [...names].filter((name) => found[name] !== wanted[name]);
  if (differing.length === 0) return;
  const differs = differing.map((name) => `${name} (${found[name] ?? 'none'} there, ${wanted[name] ?? 'none'} here)`);
  throw new UsageError('checkpoint-unlike', { path, differs });
}
