import { elementCount } from '../onnx/dense-tensor.ts';
import { type ByteRange, memoryRange } from './byte-range.ts';
import { toRowMajor } from './row-major.ts';
import type { ScratchFiles } from './scratch-files.ts';

/** Memory that turning an array around takes, twice. */
const defaultBlockBytes = 2 ** 23;

interface FortranArray {
  readonly dims: readonly number[];
  readonly itemBytes: number;
  /** Rows are turned in blocks of this size. */
  readonly blockBytes?: number;
}

/**
 * The elements of an array whose first axis runs fastest, in row-major order: in memory where they fit into one block,
 * else in a scratch file, written block by block. @throws UsageError `output-unwritable`
 */
export async function spillRowMajor(
  elements: ByteRange,
  { dims, itemBytes, blockBytes = defaultBlockBytes }: FortranArray,
  scratch: ScratchFiles,
): Promise<ByteRange> {
  if (elements.sizeBytes <= blockBytes) {
    const bytes = new Uint8Array(elements.sizeBytes);
    await elements.readInto(bytes, 0);
    return memoryRange(toRowMajor(bytes, { dims, itemBytes }));
  }
  const [rows = 1, ...rowDims] = dims;
  const rowBytes = elementCount(rowDims) * itemBytes;
  const blockRows = Math.min(rows, Math.max(1, Math.floor(blockBytes / rowBytes)));
  return scratch.create(async (writer) => {
    for (let first = 0; first < rows; first += blockRows) {
      const count = Math.min(blockRows, rows - first);
      const block = await readBlock(elements, { first, count, rows, rowDims, itemBytes });
      writer.write(toRowMajor(block, { dims: [count, ...rowDims], itemBytes }));
    }
  });
}

interface RowBlock {
  readonly first: number;
  readonly count: number;
  readonly rows: number;
  readonly rowDims: readonly number[];
  readonly itemBytes: number;
}

/** Some rows, still with the first axis running fastest: a piece out of every column. */
async function readBlock(
  elements: ByteRange,
  { first, count, rows, rowDims, itemBytes }: RowBlock,
): Promise<Uint8Array> {
  const columns = elementCount(rowDims);
  const pieceBytes = count * itemBytes;
  const block = new Uint8Array(columns * pieceBytes);
  for (let column = 0; column < columns; column++) {
    const piece = block.subarray(column * pieceBytes, (column + 1) * pieceBytes);
    await elements.readInto(piece, (column * rows + first) * itemBytes);
  }
  return block;
}
