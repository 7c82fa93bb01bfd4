import { ModelError } from '../../errors.ts';
import type { Model } from '../model.ts';
import type { Tensor } from '../tensor.ts';
import type { DataFile, Fate } from './data-plan.ts';
import { dataAlignment, externalOf, inlining, planData } from './data-plan.ts';
import { modelPieces } from './encode-model.ts';
import type { Piece } from './pieces.ts';
import { lengthOf } from './pieces.ts';
import type { SaveTarget } from './save-target.ts';
import { dataNameFor, isBeside } from './save-target.ts';
import { movableTensors, tensorsOf } from './tensors-of.ts';

/**
 * What to do with tensors: `keep` leaves each in the kind of file it is in (but takes small ones in that would move to
 * another data file), `inline` takes all into the model's file, `external` puts those of 1 KiB and more into one data
 * file. `auto` keeps, unless the file would become too large.
 */
export type ExternalData = 'auto' | 'keep' | 'inline' | 'external';

/** Protobuf's limit for a message, and so onnxruntime's for a file: 2 GiB less one byte. */
export const largestFileBytes = 2 ** 31 - 1;

/** onnx.save_model's own threshold. */
const smallestExternalBytes = 1024;
/** Alignment may waste so much, and as much again as there is data; else small tensors stay in the model's file. */
const toleratedPaddingBytes = 2 ** 26;

/** Everything that is going to be written. */
export interface SavePlan {
  readonly file: readonly Piece[];
  readonly fileBytes: number;
  /** Null when no new data file is needed. */
  readonly data: DataFile | null;
  /** Whether the model needs a data file beside it, a new one or one that is there. */
  readonly needsFolder: boolean;
}

/** Throws ModelError 'model-too-large' when the mode asks for a file that nobody could read. */
export function planSave(model: Model, target: SaveTarget, mode: ExternalData): SavePlan {
  if (mode !== 'auto') return planMode(model, target, mode);
  const kept = planMode(model, target, 'keep');
  return kept.fileBytes <= largestFileBytes ? kept : planMode(model, target, 'external');
}

function planMode(model: Model, target: SaveTarget, mode: Exclude<ExternalData, 'auto'>): SavePlan {
  const fateOf = { keep: () => keeping(model, target), inline: () => inlining, external: () => externalizing(model) }[
    mode
  ]();
  const plan = planData(model, { locate: () => dataNameFor(target, model), fateOf });
  const file = modelPieces(model, plan.layout);
  const fileBytes = lengthOf(file);
  if (mode !== 'keep' && fileBytes > largestFileBytes)
    throw new ModelError('model-too-large', { path: target.path, sizeBytes: fileBytes, problem: problems[mode] });
  const needsFolder = plan.data !== null || (mode === 'keep' && hasExternal(model));
  return { file, fileBytes, data: plan.data, needsFolder };
}

const problems = {
  inline: 'all tensors were to be written into the one file',
  external: 'what cannot lie in a data file is too large by itself',
} as const;

/** What goes from data files elsewhere to a new one is aligned there: small tensors would take many times their size. */
function keeping(model: Model, target: SaveTarget): (tensor: Tensor) => Fate {
  const external = [...movableTensors(model)].filter((tensor) => externalOf(tensor) !== null);
  const smallest = thresholdFor(external.map(({ byteLength }) => byteLength));
  const known = new Map<string, boolean>();
  return (tensor) => {
    const elements = externalOf(tensor);
    if (elements === null) return 'kept';
    const location = elements.external?.location ?? '';
    const key = `${elements.source.path}\0${location}`;
    const isThere = known.get(key) ?? isBeside(target, { path: elements.source.path, location });
    known.set(key, isThere);
    if (isThere) return 'kept';
    return tensor.byteLength >= smallest ? 'data' : 'inside';
  };
}

function externalizing(model: Model): (tensor: Tensor) => Fate {
  const movable = movableTensors(model);
  const smallest = thresholdFor([...movable].map(({ byteLength }) => byteLength));
  return (tensor) => (movable.has(tensor) && tensor.byteLength >= smallest ? 'data' : inlining(tensor));
}

function thresholdFor(sizes: readonly number[]): number {
  const large = sizes.filter((size) => size >= smallestExternalBytes);
  const data = large.reduce((sum, size) => sum + size, 0);
  const aligned = large.reduce((sum, size) => sum + Math.ceil(size / dataAlignment) * dataAlignment, 0);
  return aligned - data > data + toleratedPaddingBytes ? dataAlignment : smallestExternalBytes;
}

function hasExternal(model: Model): boolean {
  for (const { tensor } of tensorsOf(model)) if (externalOf(tensor) !== null) return true;
  return false;
}
