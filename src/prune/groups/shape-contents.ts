import type { Node } from '../../onnx/node.ts';
import { constantIntegers } from '../../onnx/passes/constant-of.ts';
import type { Value } from '../../onnx/value.ts';

/** An entry of a shape: a number in a constant, or the length of an axis. */
export type ShapeEntry =
  | { readonly kind: 'literal'; readonly constant: Value; readonly index: number; readonly amount: number }
  | { readonly kind: 'length'; readonly value: Value; readonly axis: number };

export type Literal = ShapeEntry & { readonly kind: 'literal' };

/** Entries of a shape in order; null for one that is computed in another way. */
export type ShapeContent = readonly (ShapeEntry | null)[];

/** Longer lists are no shapes. */
const mostAxes = 64;

type DimsOf = (value: Value) => readonly number[] | null;

/** Where the numbers in shapes come from: constants, and lengths of other values, moved about but not computed with. */
export class ShapeContents {
  readonly #contents = new Map<Value, ShapeContent | null>();
  readonly #dimsOf: DimsOf;

  constructor(dimsOf: DimsOf) {
    this.#dimsOf = dimsOf;
  }

  /** Null for anything that is no small constant of integers and is not made of such and of lengths. */
  of(value: Value): ShapeContent | null {
    const known = this.#contents.get(value);
    if (known !== undefined) return known;
    const content = literalsOf(value);
    this.#contents.set(value, content);
    return content;
  }

  /** What is known of a value that may be a shape. */
  entriesIn(value: Value): readonly ShapeEntry[] {
    const content = this.of(value);
    return content === null || content.length > mostAxes ? [] : content.filter((entry) => entry !== null);
  }

  /** Whether a node only moves entries about; its output holds them then. */
  follow(node: Node): boolean {
    const output = node.output(0);
    const content = output === null ? null : this.#contentOf(node);
    if (output === null || content === null) return false;
    this.#contents.set(output, content);
    return true;
  }

  #contentOf(node: Node): ShapeContent | null {
    const [first] = node.inputs;
    if (first === undefined || first === null) return null;
    if (node.is('Shape')) return this.#lengthsOf(node, first);
    if (node.is('Concat')) return this.#joined(node);
    // What is made of constants alone is data; folding has made constants of it where it could.
    const content = first.constant === null ? this.of(first) : null;
    if (content === null) return null;
    if (node.is('Identity', 'Squeeze', 'Unsqueeze', 'Reshape')) return content;
    if (node.is('Cast')) return [6, 7].includes(node.int('to', 0)) ? content : null;
    if (node.is('Gather')) return picked(content, constantIntegers(node.input(1)));
    return node.is('Slice') ? sliced(content, node) : null;
  }

  #lengthsOf(node: Node, value: Value): ShapeContent | null {
    const dims = this.#dimsOf(value);
    if (dims === null) return null;
    const entries = dims.map((_, axis) => ({ kind: 'length', value, axis }) as const);
    return entries.slice(node.int('start', 0), node.int('end', dims.length));
  }

  #joined(node: Node): ShapeContent | null {
    const parts = node.inputs.map((value) => (value === null ? null : this.of(value)));
    const isFollowed = (value: Value | null, index: number) =>
      value?.constant === null && (parts[index] ?? null) !== null;
    if (!node.inputs.some(isFollowed)) return null;
    return parts.includes(null) ? this.#joinedAround(node) : parts.flatMap((part) => part ?? []);
  }

  /** With gaps where a part is computed. */
  #joinedAround(node: Node): ShapeContent | null {
    const content: (ShapeEntry | null)[] = [];
    for (const value of node.inputs) {
      const dims = value === null ? null : this.#dimsOf(value);
      if (value === null || dims?.length !== 1) return null;
      content.push(...(this.of(value) ?? Array.from({ length: dims[0] ?? 0 }, () => null)));
    }
    return content;
  }
}

function literalsOf(value: Value): ShapeContent | null {
  if (value.constant === null || value.constant.dims.length > 1) return null;
  const amounts = constantIntegers(value);
  return (
    amounts && amounts.map((amount, index) => ({ kind: 'literal', constant: value, index, amount: Number(amount) }))
  );
}

function picked(content: ShapeContent, indices: readonly bigint[] | null): ShapeContent | null {
  return indices && indices.map((index) => content.at(Number(index)) ?? null);
}

function sliced(content: ShapeContent, node: Node): ShapeContent | null {
  const [starts, ends] = [constantIntegers(node.input(1)), constantIntegers(node.input(2))];
  const steps = node.input(4) === null ? [1n] : constantIntegers(node.input(4));
  if (starts?.length !== 1 || ends?.length !== 1 || steps?.[0] !== 1n) return null;
  return content.slice(Number(starts[0]), Number(ends[0]));
}
