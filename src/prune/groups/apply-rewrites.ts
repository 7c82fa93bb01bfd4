import { attributeOf } from '../../onnx/attribute.ts';
import { longs } from '../../onnx/graph-builder.ts';
import type { Model } from '../../onnx/model.ts';
import type { Node } from '../../onnx/node.ts';
import { constantOf } from '../../onnx/passes/constant-of.ts';
import { bigintsOf } from '../../onnx/tensor-types/bigints-of.ts';
import { tensorOfNumbers } from '../../onnx/tensor-types/tensor-of-numbers.ts';
import { Tensor } from '../../onnx/tensor.ts';
import type { Value } from '../../onnx/value.ts';
import { giveConstant } from './give-constant.ts';
import type { KeptAxes } from './kept-axes.ts';
import type { Rewrite } from './prune-group.ts';

export interface RewriteScope {
  readonly kept: KeptAxes;
  /** Values of the main graph by name. */
  readonly values: ReadonlyMap<string, Value>;
}

type Of<Kind extends Rewrite['kind']> = Rewrite & { readonly kind: Kind };

/** Tells shapes, sizes, indices and counts how many units are left. */
export function applyRewrites(model: Model, rewrites: readonly Rewrite[], { kept, values }: RewriteScope): void {
  const nodes = new Map([...model.graph.nodes()].map((node) => [node.name, node]));
  for (const rewrite of rewrites) {
    const indices = kept.of(rewrite.of);
    if (indices === null) continue;
    if (rewrite.kind === 'length') setLength(rewrite, indices, values);
    else {
      const node = nodes.get(rewrite.node);
      if (node === undefined) throw new RangeError(`there is no node '${rewrite.node}'`);
      if (rewrite.kind === 'attribute') setAttribute(node, rewrite, indices);
      else if (rewrite.kind === 'split') setSizes(node, rewrite, { kept: indices, opset: model.opset });
      else if (rewrite.kind === 'slice') setBounds(node, rewrite, indices);
      else setIndices(node, rewrite, indices);
    }
  }
}

function setLength({ constant, index }: Of<'length'>, { length }: Int32Array, values: RewriteScope['values']): void {
  const value = values.get(constant);
  if (value === undefined || value.constant === null) throw new RangeError(`there is no constant '${constant}'`);
  value.setTensor(integers(value.constant, numbersIn(value.constant).with(index, length)));
}

function setAttribute(node: Node, { attribute, index, from, count, each }: Of<'attribute'>, kept: Int32Array): void {
  const amount = countIn(kept, from, from + count) / each;
  const list = node.ints(attribute);
  if (index === null || list === null) node.setAttribute(attributeOf.int(attribute, amount));
  else node.setAttribute(attributeOf.ints(attribute, list.with(index, amount)));
}

function setSizes(
  node: Node,
  { sizes }: Of<'split'>,
  { kept, opset }: { readonly kept: Int32Array; readonly opset: number },
): void {
  let from = 0;
  const left = sizes.map((size) => {
    from += size;
    return countIn(kept, from - size, from);
  });
  // Before opset 13 sizes were an attribute; from 18 on, equal pieces without sizes are counted by one.
  if (opset < 13) node.setAttribute(attributeOf.ints('split', left));
  else {
    node.removeAttribute('num_outputs');
    giveConstant(node, 1, Tensor.fromDense(longs(left)));
  }
}

function setBounds(node: Node, { index, start, end }: Of<'slice'>, kept: Int32Array): void {
  const bounds = { starts: countIn(kept, 0, start), ends: countIn(kept, 0, end) };
  for (const [input, name] of [
    [1, 'starts'],
    [2, 'ends'],
  ] as const) {
    const list = node.ints(name);
    const constant = constantOf(node.input(input));
    if (list !== null) node.setAttribute(attributeOf.ints(name, list.with(index, bounds[name])));
    else if (constant !== null)
      giveConstant(node, input, integers(constant, numbersIn(constant).with(index, bounds[name])));
  }
}

function setIndices(node: Node, { indices }: Of<'gather'>, kept: Int32Array): void {
  const places = new Map([...kept].map((index, place) => [index, place]));
  const left = indices.flatMap((index) => places.get(index) ?? []);
  const constant = constantOf(node.input(1));
  if (constant !== null) giveConstant(node, 1, integers(constant, left));
}

function countIn(kept: Int32Array, from: number, to: number): number {
  return kept.reduce((count, index) => (index >= from && index < to ? count + 1 : count), 0);
}

function numbersIn(constant: Tensor): readonly number[] {
  return Array.from(bigintsOf(constant), Number);
}

/** Numbers in the type of another constant of integers; a single one stays without axes where it had none. */
function integers({ type, dims }: Tensor, numbers: readonly number[]): Tensor {
  const shape = dims.length === 0 ? [] : [numbers.length];
  return Tensor.fromDense(tensorOfNumbers(type === 'int32' ? 'int32' : 'int64', shape, numbers));
}
