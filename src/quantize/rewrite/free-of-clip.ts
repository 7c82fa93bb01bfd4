import type { Node } from '../../onnx/node.ts';
import type { Value } from '../../onnx/value.ts';
import type { QuantizationParameters } from '../numeric/scale-and-zero-point.ts';
import { clipRangeOf, isImplied } from './clip-range.ts';
import { addConstant } from './weights.ts';

/**
 * Writes a Relu or Clip behind a product with a float result as Max and Min. onnxruntime takes a Relu or Clip that one
 * node reads for a part of the product's group, and then wants a QuantizeLinear behind it that makes it redundant;
 * without one the product would run in float (qdq_selectors.cc, GetQDQSelection).
 */
export function freeOfClip(product: Node, parametersOf: (value: Value) => QuantizationParameters | null): void {
  const result = product.output(0);
  const clip = result?.useCount === 1 ? result.onlyUser : null;
  const behind = clip?.output(0) ?? null;
  const range = clip && clipRangeOf(clip);
  if (clip === null || clip.graph !== product.graph || behind === null || range === null) return;
  const next = behind.useCount === 1 ? behind.onlyUser : null;
  if (next === null) return;
  const parameters = next.op === 'QuantizeLinear' ? parametersOf(behind) : null;
  if (parameters !== null && isImplied(range, parameters)) return;
  const { min, max } = range;
  if (min === -Infinity && max === Infinity) return;
  if (min === -Infinity) becomes(clip, 'Min', max);
  else {
    if (max < Infinity) clampAbove(clip, max);
    becomes(clip, 'Max', min);
  }
}

function becomes(clip: Node, op: 'Max' | 'Min', bound: number): void {
  for (const name of clip.attributes.keys()) clip.removeAttribute(name);
  clip.setOp(op);
  clip.setInputs([clip.input(0), boundOf(clip, bound)]);
}

/** Puts a Min in front: of bounds in the right order, either may be first. */
function clampAbove(clip: Node, max: number): void {
  const { graph } = clip;
  if (graph === null) return;
  const inputs = [clip.input(0), boundOf(clip, max)];
  const name = graph.names.uniqueNode(`${clip.name}_Min`);
  const min = graph.insertBefore(clip, { op: 'Min', inputs, outputs: [`${clip.output(0)?.name ?? 'clip'}_min`], name });
  clip.setInput(0, min.output(0));
}

function boundOf({ graph, name }: Node, bound: number): Value {
  if (graph === null) throw new RangeError(`node '${name}' is in no graph`);
  return addConstant(graph, 'bound', { type: 'float32', dims: [], data: Float32Array.of(bound) });
}
