import type { Tensor } from '../tensor.ts';
import { FileElements } from './file-elements.ts';
import type { Piece } from './pieces.ts';

/**
 * A tensor's elements in raw form, as pieces: copied from the file they are in, without decoding where they lie there
 * in raw form. Strings have none. Throws ModelError when a data file's checksum is wrong.
 */
export function rawPieces(tensor: Tensor): readonly Piece[] {
  const { storage, byteLength } = tensor;
  switch (storage.kind) {
    case 'inline':
      return [storage.bytes];
    case 'derived':
      return [{ kind: 'produced', length: byteLength, produce: storage.produce }];
    case 'strings':
      return [];
    case 'stored': {
      const { elements } = storage;
      if (!(elements instanceof FileElements) || elements.encoding !== 'raw')
        return [{ kind: 'produced', length: byteLength, produce: () => [elements.load()] }];
      elements.verify();
      return elements.ranges.map(({ offset, length }) => ({ kind: 'range', source: elements.source, offset, length }));
    }
  }
}
