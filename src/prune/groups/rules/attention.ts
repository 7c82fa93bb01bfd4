import type { Value } from '../../../onnx/value.ts';
import type { GroupRule } from '../group-rule.ts';
import type { Axis, NodeTies } from '../node-ties.ts';
import { lockNode } from './locking.ts';

interface Stretch {
  readonly from: number;
  readonly count: number;
}

/** The axes of one attention that run through its heads, each of them in as many equal parts as there are units. */
class HeadTies {
  readonly ties: NodeTies;
  readonly #reference: Axis;
  readonly #units: number;
  readonly #noted: Axis[] = [];

  constructor(ties: NodeTies, reference: Axis, units: number) {
    this.ties = ties;
    this.#reference = reference;
    this.#units = units;
    this.along(reference);
    ties.mark(reference, 'heads');
  }

  along(axis: Axis, { from, count }: Stretch = { from: 0, count: this.ties.length(axis) }): void {
    this.except(axis);
    const [each, own] = [count / this.#units, this.ties.length(this.#reference) / this.#units];
    if (!Number.isInteger(each) || !Number.isInteger(own)) this.ties.lock(axis, 'reshape-ambiguous');
    else if (count > 1)
      this.ties.tieBy(axis, this.#reference, (index) =>
        index >= from && index < from + count ? Math.floor((index - from) / each) * own : -1,
      );
  }

  /** For values that have an axis of heads only where it is not 1. */
  alongOptional(axis: Axis): void {
    if (this.ties.length(axis) > 1) this.along(axis);
  }

  /** An attribute that counts heads, `heads` of them along an axis. */
  count(attribute: string, axis: Axis, heads: number): void {
    const count = this.ties.length(axis);
    this.ties.rewrite(axis, (of) => {
      const { name: node } = this.ties.node;
      return { kind: 'attribute', node, attribute, index: null, of, from: 0, count, each: count / heads };
    });
  }

  /** An axis that is neither of heads nor of positions. */
  except(axis: Axis): void {
    this.#noted.push(axis);
  }

  /** Locks everything else. */
  lockRest(): void {
    for (const value of [...this.ties.node.inputs, ...this.ties.node.outputs])
      for (let axis = 0; axis < this.ties.rank(value); axis++)
        if (!this.#noted.some(([noted, at]) => noted === value && at === axis))
          this.ties.lock([value, axis], 'not-a-channel');
  }
}

/** Heads are axis 1 of four, or in the last axis of three. */
function headAxis(ties: NodeTies, value: Value | null): Axis {
  return [value, ties.rank(value) === 4 ? 1 : 2];
}

/** Caches that are read and written, and scores: their axis 1 is of heads. */
function alongCaches(heads: HeadTies, inputs: readonly number[]): void {
  const { ties } = heads;
  for (const value of [...inputs.map((index) => ties.input(index)), ...ties.node.outputs.slice(1)])
    if (ties.rank(value) === 4) heads.along([value, 1]);
}

/** The standard operator. */
export const attention: GroupRule = (ties) => {
  const [q, k, v, mask] = [0, 1, 2, 3].map((index) => ties.input(index));
  const [qAxis, kAxis] = [headAxis(ties, q ?? null), headAxis(ties, k ?? null)];
  const [queries, keys] = [ties.node.int('q_num_heads', 0), ties.node.int('kv_num_heads', 0)];
  const units = ties.rank(k ?? null) === 4 ? ties.length(kAxis) : keys;
  if (units < 1 || ties.output(0) === null) lockNode(ties, 'unknown-operator');
  else {
    const heads = new HeadTies(ties, qAxis, units);
    for (const value of [k, v, ties.output(0)]) heads.along(headAxis(ties, value ?? null));
    if (ties.rank(mask ?? null) === 4) heads.alongOptional([mask ?? null, 1]);
    alongCaches(heads, [4, 5]);
    if (queries > 0) heads.count('q_num_heads', qAxis, queries);
    if (keys > 0) heads.count('kv_num_heads', kAxis, keys);
    heads.lockRest();
  }
};

/** onnxruntime's, of queries, keys and values that lie apart. */
export const multiHead: GroupRule = (ties) => {
  const [q, k, v, bias] = [0, 1, 2, 3].map((index) => ties.input(index) ?? null);
  const units = ties.node.int('num_heads', 0);
  const isApart =
    [3].includes(ties.rank(q ?? null)) && [k, v].every((value) => [3, 4].includes(ties.rank(value ?? null)));
  if (units < 1 || !isApart) {
    lockNode(ties, 'unknown-operator');
    return;
  }
  const heads = new HeadTies(ties, [ties.output(0), 2], units);
  for (const value of [q, k, v]) heads.along(headAxis(ties, value ?? null));
  const width = ties.length([q ?? null, 2]);
  const widths = [width, width, ties.length([bias ?? null, 0]) - 2 * width];
  if (bias) alongParts(heads, [bias, 0], widths);
  heads.alongOptional([ties.input(5), 1]);
  alongCaches(heads, [6, 7]);
  heads.count('num_heads', [q ?? null, 2], units);
  heads.lockRest();
};

function alongParts(heads: HeadTies, axis: Axis, widths: readonly number[]): void {
  let from = 0;
  for (const count of widths) {
    heads.along(axis, { from, count });
    from += count;
  }
}

/** onnxruntime's, with the weights of queries, keys and values in one. */
export const packedAttention: GroupRule = (ties) => {
  const [x, weight, bias] = [ties.input(0), ties.input(1), ties.input(2)];
  const units = ties.node.int('num_heads', 0);
  const columns = ties.length([weight, 1]);
  const widths = ties.node.ints('qkv_hidden_sizes') ?? [columns / 3, columns / 3, columns / 3];
  if (units < 1 || !weight?.constant) {
    lockNode(ties, 'weight-not-constant');
    return;
  }
  const heads = new HeadTies(ties, [ties.output(0), 2], units);
  alongParts(heads, [weight, 1], widths);
  if (bias !== null) alongParts(heads, [bias, 0], widths);
  for (const value of [ties.input(4), ties.output(1)]) if (ties.rank(value) === 5) heads.along([value, 2]);
  heads.alongOptional([ties.input(5), 1]);
  ties.tie([x, 2], [weight, 0]);
  for (const value of [x, weight]) heads.except([value, value === x ? 2 : 0]);
  ties.weight('consumer', 1, 0);
  ties.weight('producer', 1, 1);
  heads.count('num_heads', [ties.output(0), 2], units);
  if (ties.node.ints('qkv_hidden_sizes') !== null) noteWidths(ties, weight, widths);
  heads.lockRest();
};

function noteWidths(ties: NodeTies, weight: Value, widths: readonly number[]): void {
  let start = 0;
  for (const [index, count] of widths.entries()) {
    const from = start;
    ties.rewrite([weight, 1], (of) => {
      return {
        kind: 'attribute',
        node: ties.node.name,
        attribute: 'qkv_hidden_sizes',
        index,
        of,
        from,
        count,
        each: 1,
      };
    });
    start += count;
  }
}

/** onnxruntime's, in which several queries share keys and values: these go together. */
export const groupQuery: GroupRule = (ties) => {
  const [q, k, v] = [ties.input(0), ties.input(1), ties.input(2)];
  const [queries, units] = [ties.node.int('num_heads', 0), ties.node.int('kv_num_heads', 0)];
  if (units < 1 || k === null || v === null) {
    lockNode(ties, 'unknown-operator');
    return;
  }
  const heads = new HeadTies(ties, [ties.output(0), 2], units);
  for (const value of [q, k, v]) heads.along([value, 2]);
  alongCaches(heads, [3, 4]);
  heads.count('num_heads', [q, 2], queries);
  heads.count('kv_num_heads', [k, 2], units);
  heads.lockRest();
};

/** Turns pairs inside a head; of three axes, heads are in the last. */
export const rotary: GroupRule = (ties) => {
  const [x, y] = [ties.input(0), ties.output(0)];
  const given = ties.node.int('num_heads', 0);
  const isApart = ties.rank(x) === 4;
  const units = isApart ? ties.length([x, 1]) : given;
  if (units < 1) {
    lockNode(ties, 'unknown-operator');
    return;
  }
  const heads = new HeadTies(ties, headAxis(ties, y), units);
  heads.along(headAxis(ties, x));
  if (given > 0) heads.count('num_heads', headAxis(ties, x), given);
  heads.lockRest();
};
