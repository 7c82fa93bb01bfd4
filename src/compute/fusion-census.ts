import type { Model } from '../onnx/model.ts';
import type { Node } from '../onnx/node.ts';
import { valuesOf } from '../onnx/traverse.ts';
import { coreOf, followers, ownConstantsOf } from './fusion-chains.ts';
import type { OptimizedGraph, OptimizedNode } from './optimized-graph.ts';
import { OptimizedView } from './optimized-view.ts';

/** A node to find again. */
export interface CensusNode {
  /** What to call it. */
  readonly node: string;
  /** Its operator type in the original model: tells an Add from a dynamic MatMul with a bias. */
  readonly op?: string;
  /** Values of the quantized model that hold the node's results, before or after their quantization. */
  readonly outputs: readonly string[];
}

/** What became of a node. */
export interface NodeFate {
  readonly node: string;
  /** Operator type of the kernel that does its work; null where it cannot be told. */
  readonly became: string | null;
  /** Whether the quantization went into that kernel, so that it works on integers or packed weights. */
  readonly fused: boolean;
  /**
   * Operators that quantize, dequantize or rescale right before and behind it. Around a fused node they are where
   * floats end and begin; around one that is not they are pure cost.
   */
  readonly leftover: readonly string[];
}

/**
 * Tells what the runtime made of nodes of a quantized model. They are found by the values that they make, followed
 * through what quantization put behind them; then by name; then by the constants that they alone read.
 *
 * As onnxruntime 1.30 does it at level `extended`: a fused node keeps the name of the node in the middle (the
 * MatMulInteger's for DynamicQuantizeMatMul) and the output of the last node that went into it; where int8 became uint8
 * (x64) quantized values have new names and only the node's stays; nodes without a name stay without.
 */
export function fusionCensus(
  nodes: readonly CensusNode[],
  quantized: Model,
  optimized: OptimizedGraph,
): readonly NodeFate[] {
  const values = new Map([...valuesOf(quantized.graph)].map((value) => [value.name, value]));
  const view = new OptimizedView(optimized);
  return nodes.map(({ node, op, outputs }) => {
    for (const name of outputs) {
      const value = values.get(name);
      const core = value === undefined ? null : coreOf(value, op);
      if (core === null) continue;
      const kernel = byValue(core, view) ?? view.named(core.name) ?? byConstant(core, view);
      if (kernel !== null) return fateOf(node, { core, kernel, view });
    }
    return { node, became: null, fused: false, leftover: [] };
  });
}

/** What layout changes put around a kernel. */
const layoutOps: ReadonlySet<string> = new Set(['Transpose', 'Reshape', 'ReorderInput', 'ReorderOutput']);

/** What makes the nearest value behind a node that the optimized graph still has. */
function byValue(core: Node, view: OptimizedView): OptimizedNode | null {
  for (const { value, passed } of followers(core)) {
    const maker = view.producerOf(value.name);
    if (maker === null) continue;
    const between = new Set([...layoutOps, ...passed.map(({ op }) => op)]);
    between.delete(core.op);
    if (!between.has(maker.op)) return maker;
    // The value is made by what stood behind the node: what the node itself makes has another name by now.
    return view.named(core.name) ?? stepBack(maker, { core, between, view });
  }
  return null;
}

interface Steps {
  readonly core: Node;
  readonly between: ReadonlySet<string>;
  readonly view: OptimizedView;
}

function stepBack(from: OptimizedNode, { core, between, view }: Steps): OptimizedNode | null {
  const seen = new Set<OptimizedNode>();
  let node: OptimizedNode | null = from;
  while (node !== null && between.has(node.op) && !seen.has(node)) {
    seen.add(node);
    const [before, ...others] = view.producersFor(node);
    node = before !== undefined && others.length === 0 ? before : null;
  }
  return node !== null && isKindOf(node.op, core.op) ? node : null;
}

/** Whether a kernel may do the work of an operator: QLinearConv that of Conv, Gemm that of MatMul. */
function isKindOf(kernel: string, op: string): boolean {
  const base = op.replace(/Integer$/, '');
  return kernel.includes(base) || (base === 'MatMul' && kernel.includes('Gemm'));
}

/** The node that reads a constant, itself or dequantized; packing calls it `<name>_T`. */
function byConstant(core: Node, view: OptimizedView): OptimizedNode | null {
  for (const name of ownConstantsOf(core)) {
    const [reader] = [...view.readersOf(name), ...view.readersOf(`${name}_T`)];
    if (reader === undefined) continue;
    const kernel = reader.op === 'DequantizeLinear' ? view.readersBehind(reader)[0] : reader;
    if (kernel !== undefined && isKindOf(kernel.op, core.op)) return kernel;
  }
  return null;
}

interface Finding {
  readonly core: Node;
  readonly kernel: OptimizedNode;
  readonly view: OptimizedView;
}

function fateOf(node: string, { core, kernel, view }: Finding): NodeFate {
  const around = [...view.producersFor(kernel), ...view.readersBehind(kernel)];
  const leftover = [...new Set(around)].flatMap(({ op }) => (isLeftover(op, core) ? [op] : []));
  return { node, became: kernel.op, fused: isFused({ core, kernel, view }), leftover };
}

function isLeftover(op: string, core: Node): boolean {
  if (op === 'QuantizeLinear' || op === 'DequantizeLinear' || op === 'DynamicQuantizeLinear') return true;
  return core.is('MatMulInteger', 'ConvInteger') && (op === 'Cast' || op === 'Mul');
}

/** Kernels that take quantized tensors. MatMulInteger and ConvInteger are what fusion starts from, not what it gives. */
const integerKernels =
  /^(?:QLinear\w+|QGemm|QAttention|QEmbedLayerNormalization|QOrdered\w+|DynamicQuantize(?:MatMul|LSTM)|MatMulIntegerToFloat|MatMulNBits|GatherBlockQuantized)$/;

/** An operator that only moves or picks elements does the same on integers: its DequantizeLinear is gone then. */
function isFused({ core, kernel, view }: Finding): boolean {
  if (integerKernels.test(kernel.op)) return true;
  const wasDequantized = core.input(0)?.producer?.is('DequantizeLinear') === true;
  const isDequantized = view.producerOf(kernel.inputs[0] ?? '')?.op === 'DequantizeLinear';
  return kernel.op === core.op && wasDequantized && !isDequantized;
}
