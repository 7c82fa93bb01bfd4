import type { NdArray } from './nd-array.ts';
import { at, broadcastAt, broadcastShape, fill, indicesOf } from './nd-array.ts';
import type { ReferenceOp, ReferenceOps } from './reference-op.ts';

/** numpy's matmul: vectors get an axis of 1 that is taken out of the result again. */
const matmul: ReferenceOp = ({ input }) => {
  const [a, b] = [input(0), input(1)];
  const left: NdArray = a.dims.length === 1 ? { ...a, dims: [1, ...a.dims] } : a;
  const right: NdArray = b.dims.length === 1 ? { ...b, dims: [...b.dims, 1] } : b;
  const [rows = 0, inner = 0] = left.dims.slice(-2);
  const columns = right.dims.at(-1) ?? 0;
  const batch = broadcastShape([left.dims.slice(0, -2), right.dims.slice(0, -2)]);
  const product = fill([...batch, rows, columns], (index) => {
    const [before, i = 0, j = 0] = [index.slice(0, -2), ...index.slice(-2)];
    let sum = 0;
    for (let k = 0; k < inner; k++) sum += broadcastMatrix(left, before, i, k) * broadcastMatrix(right, before, k, j);
    return sum;
  });
  const dims = [...batch, ...(a.dims.length === 1 ? [] : [rows]), ...(b.dims.length === 1 ? [] : [columns])];
  return [{ ...product, dims }];
};

/** An element of one of a stack of matrices; only the axes of the stack are broadcast. */
function broadcastMatrix(x: NdArray, batch: readonly number[], i: number, j: number): number {
  const extra = batch.length - (x.dims.length - 2);
  const stack = x.dims.slice(0, -2).map((dim, axis) => (dim === 1 ? 0 : (batch[axis + extra] ?? 0)));
  return at(x, [...stack, i, j]);
}

/** Y = alpha·A'·B' + beta·C */
const gemm: ReferenceOp = ({ node, input, optional }) => {
  const [a, b, c] = [input(0), input(1), optional(2)];
  const [turnA, turnB] = [node.int('transA', 0) === 1, node.int('transB', 0) === 1];
  const [alpha, beta] = [node.float('alpha', 1), node.float('beta', 1)];
  const rows = a.dims[turnA ? 1 : 0] ?? 0;
  const inner = a.dims[turnA ? 0 : 1] ?? 0;
  const columns = b.dims[turnB ? 0 : 1] ?? 0;
  return [
    fill([rows, columns], ([i = 0, j = 0]) => {
      let sum = 0;
      for (let k = 0; k < inner; k++) sum += at(a, turnA ? [k, i] : [i, k]) * at(b, turnB ? [j, k] : [k, j]);
      return alpha * sum + (c === null ? 0 : beta * broadcastAt(c, [i, j]));
    }),
  ];
};

/** Sums over all labels that the result lacks; no ellipsis. */
const einsum: ReferenceOp = ({ node, inputs }) => {
  const operands = inputs.filter((x): x is NdArray => x !== null);
  const [left = '', right = ''] = node.string('equation', '').split('->');
  const terms = left.split(',').map((labels) => [...labels]);
  const labels = [...new Set([...right, ...terms.flat()])];
  const lengths = labels.map((label) => {
    const term = terms.findIndex((each) => each.includes(label));
    return operands[term]?.dims[terms[term]?.indexOf(label) ?? 0] ?? 1;
  });
  const dims = lengths.slice(0, right.length);
  const sums = fill(dims, (outer) => {
    let sum = 0;
    for (const inner of indicesOf(lengths.slice(right.length))) {
      const index = [...outer, ...inner];
      const places = terms.map((term) => term.map((label) => index[labels.indexOf(label)] ?? 0));
      sum += operands.reduce((product, x, i) => product * at(x, places[i] ?? []), 1);
    }
    return sum;
  });
  return [sums];
};

export const productOps: ReferenceOps = { Einsum: einsum, MatMul: matmul, Gemm: gemm };
