import { chunksOf } from '../file/pieces.ts';
import { rawPieces } from '../file/raw-pieces.ts';
import type { Tensor } from '../tensor.ts';

/**
 * A tensor's content as bytes, in pieces of about 1 MiB where it is in a file or computed. Strings come with their
 * lengths, since their bytes alone do not say where one ends.
 * @throws ModelError when a stored tensor is not where the model says
 */
export function* contentChunks(tensor: Tensor): Generator<Uint8Array, void, undefined> {
  const { storage } = tensor;
  if (storage.kind !== 'strings') {
    yield* chunksOf(rawPieces(tensor), { reuse: true });
    return;
  }
  yield new Uint8Array(Float64Array.from(storage.values, ({ length }) => length).buffer);
  yield* storage.values;
}
