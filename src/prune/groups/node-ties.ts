import type { Node } from '../../onnx/node.ts';
import type { Value } from '../../onnx/value.ts';
import { type AxisIndices, elementOf } from './axis-table.ts';
import { lockEntries } from './computed-lengths.ts';
import type { GroupState, WeightRole } from './group-state.ts';
import { marks } from './index-classes.ts';
import type { Lock, LockReason, Rewrite } from './prune-group.ts';

/** An axis of a value that may not be there; axes count from 0. */
export type Axis = readonly [value: Value | null, axis: number];

/** Which indices of two axes are tied: `count` of them from `from` on of the one and from `to` on of the other. */
export interface TieRange {
  readonly from: number;
  readonly to: number;
  readonly count: number;
}

/** How a rule says what a node ties together and what it locks. */
export class NodeTies {
  readonly node: Node;
  readonly state: GroupState;

  constructor(node: Node, state: GroupState) {
    this.node = node;
    this.state = state;
  }

  input(index: number): Value | null {
    return this.node.input(index);
  }

  output(index: number): Value | null {
    return this.node.output(index);
  }

  dims(value: Value | null): readonly number[] {
    return (value === null ? null : this.state.axes.dims(value)) ?? [];
  }

  rank(value: Value | null): number {
    return this.dims(value).length;
  }

  /** 1 for an axis that is not there. */
  length([value, axis]: Axis): number {
    return this.dims(value)[axis] ?? 1;
  }

  /** Index i of the one goes with index i of the other. Axes of length 1 are free. */
  tie(first: Axis, second: Axis): void {
    const [a, b] = [this.#indices(first), this.#indices(second)];
    if (a === null || b === null) return;
    if (a.length !== b.length) {
      this.lock(first, 'unknown-operator');
      this.lock(second, 'unknown-operator');
    } else this.#unite(a, b, { from: 0, to: 0, count: a.length });
  }

  /** A stretch of one axis goes with one of the other; where the other is of length 1, the stretch has to stay. */
  tieRange(first: Axis, second: Axis, range: TieRange): void {
    const [a, b] = [this.#indices(first), this.#indices(second)];
    if (a !== null && b !== null) this.#unite(a, b, range);
    else if (a !== null) this.#lockRange(a, range, this.#lockFor('not-a-channel'));
    else if (b !== null) this.#lockRange(b, { from: range.to, count: range.count }, this.#lockFor('not-a-channel'));
  }

  /** Index i of the first goes with index `map(i)` of the second, where that is not negative. */
  tieBy(first: Axis, second: Axis, map: (index: number) => number): void {
    const [a, b] = [this.#indices(first), this.#indices(second)];
    for (let i = 0; i < this.length(first); i++) {
      const to = map(i);
      if (to < 0) continue;
      if (a !== null && b !== null) this.state.classes.unite(elementOf(a, i), elementOf(b, to));
      else if (a !== null) this.lockIndex(first, i, 'not-a-channel');
      else if (b !== null) this.lockIndex(second, to, 'not-a-channel');
    }
  }

  /** Indices of equal `key` go together. */
  tieWithin(axis: Axis, key: (index: number) => number): void {
    const indices = this.#indices(axis);
    if (indices === null) return;
    const firsts = new Map<number, number>();
    for (let i = 0; i < indices.length; i++) {
      const first = firsts.get(key(i));
      if (first === undefined) firsts.set(key(i), i);
      else this.state.classes.unite(elementOf(indices, i), elementOf(indices, first));
    }
  }

  /** All axes of the one with those of the other, aligned at the last one as numpy broadcasts. */
  broadcast(from: Value | null, to: Value | null): void {
    const shift = this.rank(to) - this.rank(from);
    for (let axis = 0; axis < this.rank(from); axis++)
      if (this.length([from, axis]) > 1) this.tie([from, axis], [to, axis + shift]);
  }

  /** All indices of an axis stay. */
  lock(axis: Axis, reason: LockReason): void {
    const indices = this.#indices(axis);
    if (indices !== null) this.#lockRange(indices, { from: 0, count: indices.length }, this.#lockFor(reason));
  }

  lockIndex(axis: Axis, index: number, reason: LockReason): void {
    const indices = this.#indices(axis);
    if (indices !== null) this.#lockRange(indices, { from: index, count: 1 }, this.#lockFor(reason));
  }

  /** Every axis of a value, and the lengths it tells where it is a shape. */
  lockAll(value: Value | null, reason: LockReason): void {
    if (value === null) return;
    for (let axis = 0; axis < this.rank(value); axis++) this.lock([value, axis], reason);
    this.lockLengths(value, 'computed-shape');
  }

  lockAxes(value: Value | null, axes: Iterable<number>, reason: LockReason): void {
    for (const axis of axes) this.lock([value, axis], reason);
  }

  /** What a value tells of lengths, where it is a shape. */
  lockLengths(value: Value, reason: LockReason): void {
    lockEntries(value, this.#lockFor(reason), this.state);
  }

  mark(axis: Axis, mark: keyof typeof marks): void {
    const indices = this.#indices(axis);
    if (indices === null) return;
    for (let i = 0; i < indices.length; i++) this.state.classes.mark(elementOf(indices, i), marks[mark]);
  }

  /** Notes that units lie along an axis of a constant that the node reads. */
  weight(role: WeightRole, input: number, axis: number): void {
    const value = this.input(input);
    const along = this.#indices([value, axis]);
    if (value === null || along === null) return;
    const place = { node: this.node.name, input, weight: value.name, axis };
    this.state.weights.push({ role, along, place, isTable: this.node.is('Gather') });
  }

  contraction(input: number, axis: number): void {
    const value = this.input(input);
    const along = this.#indices([value, axis]);
    const type = value === null ? null : this.state.axes.type(value);
    if (along === null || type === null) return;
    const contraction = { node: this.node.name, input, axis, dims: this.dims(value), type };
    this.state.contractions.push({ along, contraction });
  }

  /** Notes what changes with the length of an axis. */
  rewrite([value, axis]: Axis, make: (of: Rewrite['of']) => Rewrite): void {
    const along = this.#indices([value, axis]);
    if (value === null || along === null) return;
    this.state.rewrites.push({ along, rewrite: make({ value: value.name, axis }) });
  }

  #indices([value, axis]: Axis): AxisIndices | null {
    return value === null ? null : this.state.axes.of(value, axis);
  }

  #unite(a: AxisIndices, b: AxisIndices, { from, to, count }: TieRange): void {
    for (let i = 0; i < count; i++) this.state.classes.unite(elementOf(a, from + i), elementOf(b, to + i));
  }

  #lockRange(axis: AxisIndices, { from, count }: { readonly from: number; readonly count: number }, lock: Lock): void {
    const set = this.state.classes.lockSet(lock);
    for (let i = from; i < from + count; i++) this.state.classes.addLocks(elementOf(axis, i), set);
  }

  #lockFor(reason: LockReason): Lock {
    return { reason, node: this.node.name, op: this.node.op };
  }
}
