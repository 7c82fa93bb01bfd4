import type { TensorElements } from '../../onnx/dense-tensor.ts';

/** The logits that a run returned. */
export interface Logits {
  readonly type: string;
  /** [batch, tokens, vocabulary] or [batch, vocabulary] */
  readonly dims: readonly number[];
  readonly data: TensorElements;
}

type Numbers = Exclude<TensorElements, readonly string[] | BigInt64Array | BigUint64Array>;

/**
 * The likeliest token of every sequence after its last token, or after the one at place `at`; the first of equals.
 * @throws Error where no logit is a number, for onnxruntime's own errors are told so
 */
export function likeliestTokens(logits: Logits, at: number | null): number[] {
  const { dims, type } = logits;
  const data = numbersOf(logits);
  const [batch, vocabulary] = [dims[0] ?? 0, dims.at(-1) ?? 0];
  const tokens: number[] = [];
  for (let sequence = 0; sequence < batch; sequence++) {
    const from = rowOf(logits, sequence, at);
    const token = (type === 'float16' ? largestHalf : largest)(data, from, from + vocabulary);
    if (token === -1) throw new Error(`no value of the logits is a number (${type} [${dims.join(', ')}])`);
    tokens.push(token);
  }
  return tokens;
}

/** The same logits as numbers, by sequence. */
export function lastLogits(logits: Logits, at: number | null): readonly Float32Array[] {
  const { dims, type } = logits;
  const data = numbersOf(logits);
  return Array.from({ length: dims[0] ?? 0 }, (_, sequence) => {
    const from = rowOf(logits, sequence, at);
    const row = data.subarray(from, from + (dims.at(-1) ?? 0));
    return type === 'float16' ? Float32Array.from(row, halfValue) : Float32Array.from(row);
  });
}

/** Where the logits of a sequence begin. */
function rowOf({ dims }: Logits, sequence: number, at: number | null): number {
  const tokens = dims.length === 3 ? (dims[1] ?? 0) : 1;
  // A model that returns the last token alone has that at place 0, whichever was asked for.
  const place = at === null || at >= tokens ? tokens - 1 : at;
  return (sequence * tokens + place) * (dims.at(-1) ?? 0);
}

function numbersOf({ data, type }: Logits): Numbers {
  if (ArrayBuffer.isView(data) && !(data instanceof BigInt64Array) && !(data instanceof BigUint64Array)) return data;
  throw new Error(`logits are no numbers but ${type}`);
}

/** Place of the largest from `from` on; -1 where nothing is a number. */
function largest(values: Numbers, from: number, to: number): number {
  let best = -1;
  let most = -Infinity;
  for (let index = from; index < to; index++) {
    const value = values[index] ?? Number.NaN;
    // Logits of tokens that are ruled out may be -Infinity, and all of them at worst.
    if (value > most || (best === -1 && value === most)) {
      most = value;
      best = index - from;
    }
  }
  return best;
}

/** Bits of float16 in the order of their values: those of negative numbers grow as the numbers fall. */
function largestHalf(values: Numbers, from: number, to: number): number {
  let best = -1;
  let most = -1;
  for (let index = from; index < to; index++) {
    const bits = values[index] ?? 0;
    if ((bits & 0x7fff) > 0x7c00) continue;
    const order = bits & 0x8000 ? ~bits & 0xffff : bits | 0x8000;
    if (order > most) {
      most = order;
      best = index - from;
    }
  }
  return best;
}

/** IEEE 754 binary16. */
function halfValue(bits: number): number {
  const sign = bits & 0x8000 ? -1 : 1;
  const exponent = (bits >> 10) & 0x1f;
  const fraction = bits & 0x3ff;
  if (exponent === 0x1f) return fraction === 0 ? sign * Infinity : Number.NaN;
  return exponent === 0 ? sign * fraction * 2 ** -24 : sign * (1 + fraction / 1024) * 2 ** (exponent - 15);
}
