import { attributeOf } from '../attribute.ts';
import type { Graph } from '../graph.ts';
import type { Node } from '../node.ts';
import type { PurePass } from '../pass.ts';
import { numbersOf } from '../tensor-types/numbers-of.ts';
import { constantOf, listOf } from './constant-of.ts';
import { rewriteNodes } from './rewrite-nodes.ts';

/** Sums stay far below what fits in 32 bits, which kernels count in. */
const mostPadding = 2n ** 24n;

/**
 * `Conv(Pad(x))` becomes a Conv that pads by itself, and so does `AveragePool(Pad(x))`, which then counts the padding:
 * a Pad with zeros (`constant` mode) along spatial axes only, none of it negative. Pads add up.
 *
 * Left alone: MaxPool, which pads with minus infinity, and ConvTranspose, whose pads crop; `auto_pad`; pads that are not
 * constant; a Pad that somebody else reads or the graph returns; AveragePool that does not count padding it already has,
 * rounds its size up (`ceil_mode`), is dilated, or would get as much padding as its kernel is long, which onnxruntime
 * refuses; operator sets before 7; function bodies.
 */
export const fusePad: PurePass = {
  name: 'fuse-pad',
  apply: (model) => rewriteNodes(model, (node, graph) => node.is('Pad') && fuse(graph, node)),
};

function fuse(graph: Graph, pad: Node): boolean {
  const [input, output] = [pad.input(0), pad.output(0)];
  const node = output?.onlyUser;
  if (!output || !input || !node?.is('Conv', 'AveragePool') || node.graph !== graph) return false;
  if (output.useCount !== 1 || node.input(0) !== output || node.string('auto_pad', 'NOTSET') !== 'NOTSET') return false;
  const rank = rankOf(node);
  const added = rank === null ? null : spatialPadding(pad, rank);
  if (added === null) return false;
  const pads = sum(added, node.ints('pads'));
  if (pads === null || (node.op === 'AveragePool' && !canCount(node, pads))) return false;
  node.setInput(0, input);
  node.setAttribute(attributeOf.ints('pads', pads));
  if (node.op === 'AveragePool') node.setAttribute(attributeOf.int('count_include_pad', 1));
  graph.remove(pad);
  return true;
}

function rankOf(node: Node): number | null {
  const kernel = node.ints('kernel_shape');
  if (kernel !== null) return kernel.length + 2;
  return node.op === 'Conv' ? (constantOf(node.input(1))?.dims.length ?? null) : null;
}

/** Padding as Conv's attribute tells it: before every spatial axis, then behind every one. */
function spatialPadding(pad: Node, rank: number): readonly bigint[] | null {
  if (pad.string('mode', 'constant') !== 'constant' || !padsWithZero(pad)) return null;
  const pads = listOf(pad, { attribute: 'pads', input: 1, absent: null });
  const every = Array.from({ length: rank }, (_, axis) => BigInt(axis));
  const axes = listOf(pad, { attribute: 'axes', input: 3, absent: every });
  if (pads === null || axes === null || pads.length !== 2 * axes.length) return null;
  if (pads.some((amount) => amount < 0n || amount > mostPadding)) return null;
  const padding = Array.from({ length: 2 * rank }, () => 0n);
  for (const [index, axis] of axes.entries()) {
    const at = Number(axis < 0n ? axis + BigInt(rank) : axis);
    if (at < 0 || at >= rank) return null;
    padding[at] = pads[index] ?? 0n;
    padding[rank + at] = pads[axes.length + index] ?? 0n;
  }
  const others = [padding[0], padding[1], padding[rank], padding[rank + 1]];
  if (others.some((amount) => amount !== 0n)) return null;
  return [...padding.slice(2, rank), ...padding.slice(rank + 2)];
}

function padsWithZero(pad: Node): boolean {
  if (pad.input(2) === null) return pad.float('value', 0) === 0;
  const constant = constantOf(pad.input(2));
  return constant !== null && constant.type !== 'string' && constant.elementCount === 1 && numbersOf(constant)[0] === 0;
}

function sum(added: readonly bigint[], own: readonly number[] | null): readonly bigint[] | null {
  if (own === null) return added;
  if (own.length !== added.length || own.some((amount) => amount < 0)) return null;
  return added.map((amount, index) => amount + BigInt(own[index] ?? 0));
}

/** Whether a pool's average over what it now pads itself is the average over what was padded before. */
function canCount(pool: Node, pads: readonly bigint[]): boolean {
  const kernel = pool.ints('kernel_shape') ?? [];
  const hadPadding = (pool.ints('pads') ?? []).some((amount) => amount !== 0);
  if (hadPadding && pool.int('count_include_pad', 0) === 0) return false;
  if (pool.int('ceil_mode', 0) !== 0 || (pool.ints('dilations') ?? []).some((step) => step !== 1)) return false;
  return pads.every((amount, index) => amount < BigInt(kernel[index % kernel.length] ?? 0));
}
