import { bytesOfElements, type DenseTensor, elementsFromBytes, type NamedTensors } from '../onnx/dense-tensor.ts';
import { tokenInput } from './token-input.ts';

/** A run over part of a sequence. */
export interface TokenWindow {
  readonly feeds: NamedTensors;
  /** Of the window's tokens, the first that no window before it predicted. */
  readonly firstTarget: number;
}

/**
 * Splits sequences that are longer than a model's context into windows that overlap by half, each token being predicted
 * once, with at least half a context before it except at the start (the strided perplexity of Hugging Face's
 * transformers). What fits stays one run.
 * @param context tokens of one run at most; null for any number
 */
export function tokenWindows(feeds: NamedTensors, context: number | null): readonly TokenWindow[] {
  const length = tokenInput(feeds)?.dims[1];
  if (length === undefined || context === null || length <= context) return [{ feeds, firstTarget: 1 }];
  const stride = Math.max(1, Math.floor(context / 2));
  const windows: TokenWindow[] = [];
  let predicted = 1;
  for (let from = 0; predicted < length; from += stride) {
    const to = Math.min(length, from + context);
    windows.push({ feeds: cutTokens(feeds, { length, from, to }), firstTarget: predicted - from });
    predicted = to;
  }
  return windows;
}

interface Cut {
  readonly length: number;
  readonly from: number;
  readonly to: number;
}

/** Whatever has the tokens as its second axis is cut; positions begin anew in each window. */
function cutTokens(feeds: NamedTensors, { length, from, to }: Cut): NamedTensors {
  const cut = Object.entries(feeds).map(([name, tensor]): [string, DenseTensor] => {
    const hasTokens = tensor.dims.length === 2 && tensor.dims[1] === length;
    const start = /position/i.test(name) ? 0 : from;
    return [name, hasTokens ? cutColumns(tensor, start, start + to - from) : tensor];
  });
  return Object.fromEntries(cut);
}

function cutColumns(tensor: DenseTensor, from: number, to: number): DenseTensor {
  const { type, dims, data } = tensor;
  const [rows = 0, columns = 0] = dims;
  if (!ArrayBuffer.isView(data) || type === 'string') return tensor;
  const source = bytesOfElements(data);
  const size = data.BYTES_PER_ELEMENT;
  const bytes = new Uint8Array(rows * (to - from) * size);
  for (let row = 0; row < rows; row++) {
    const start = row * columns;
    bytes.set(source.subarray((start + from) * size, (start + to) * size), row * (to - from) * size);
  }
  return { type, dims: [rows, to - from], data: elementsFromBytes(type, bytes) };
}
