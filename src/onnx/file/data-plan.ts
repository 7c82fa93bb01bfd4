import type { Model } from '../model.ts';
import type { Tensor } from '../tensor.ts';
import { FileElements } from './file-elements.ts';
import type { DataPlace, Layout, Placement } from './layout.ts';
import { layoutOf } from './moved-parts.ts';
import type { Piece } from './pieces.ts';
import { lengthOf } from './pieces.ts';
import { rawPieces } from './raw-pieces.ts';
import { tensorsOf } from './tensors-of.ts';

/** Offsets in data files: Windows maps files at multiples of 64 KiB, others of a page (onnx's ExternalData.md). */
export const dataAlignment = 2 ** 16;

/** What becomes of each tensor of a model, and what is to be written to a new data file. */
export interface DataPlan {
  readonly layout: Layout;
  /** The new data file; null when nothing goes there. */
  readonly data: DataFile | null;
}

export interface DataFile {
  readonly location: string;
  readonly pieces: readonly Piece[];
  readonly sizeBytes: number;
}

/** Where a tensor goes: `data` is the new data file, which finds the place itself. */
export type Fate = Placement | 'data';

/**
 * Gives every tensor its place; `locate` names the data file, should one be needed. The same elements at several places
 * of the model are written to the data file once. Throws ModelError when a data file's checksum is wrong.
 */
export function planData(
  model: Model,
  { locate, fateOf }: { readonly locate: () => string; readonly fateOf: (tensor: Tensor) => Fate },
): DataPlan {
  let file: DataFileWriter | null = null;
  const places = new Map<Tensor, Placement>();
  for (const { tensor } of tensorsOf(model)) {
    if (places.has(tensor)) continue;
    const fate = fateOf(tensor);
    places.set(tensor, fate === 'data' ? (file ??= new DataFileWriter(locate())).place(tensor) : fate);
  }
  const layout = layoutOf(model, (tensor) => places.get(tensor) ?? 'kept');
  return { layout, data: file };
}

/** The elements' place in a data file beside the file they were read from; null for others. */
export function externalOf({ storage }: Tensor): FileElements | null {
  if (storage.kind !== 'stored' || !(storage.elements instanceof FileElements)) return null;
  return storage.elements.external === null ? null : storage.elements;
}

/** The fate that takes what lies in data files into the model's own file. */
export function inlining(tensor: Tensor): 'kept' | 'inside' {
  return externalOf(tensor) === null ? 'kept' : 'inside';
}

const zeros = new Uint8Array(dataAlignment);

/** A data file in the making. */
class DataFileWriter implements DataFile {
  readonly location: string;
  readonly pieces: Piece[] = [];
  sizeBytes = 0;
  readonly #places = new Map<object, DataPlace>();

  constructor(location: string) {
    this.location = location;
  }

  place(tensor: Tensor): DataPlace {
    const known = this.#places.get(contentOf(tensor));
    if (known !== undefined) return known;
    const pieces = rawPieces(tensor);
    const offset = Math.ceil(this.sizeBytes / dataAlignment) * dataAlignment;
    const place = { location: this.location, offset, length: lengthOf(pieces) };
    this.pieces.push(zeros.subarray(0, offset - this.sizeBytes), ...pieces);
    this.sizeBytes = offset + place.length;
    this.#places.set(contentOf(tensor), place);
    return place;
  }
}

/** Renamed and retyped tensors may share what they hold. */
function contentOf({ storage }: Tensor): object {
  switch (storage.kind) {
    case 'inline':
      return storage.bytes;
    case 'stored':
      return storage.elements;
    case 'derived':
      return storage.produce;
    case 'strings':
      return storage;
  }
}
