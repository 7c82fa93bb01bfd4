import type { DataType } from '../../onnx/data-type.ts';
import type { Graph } from '../../onnx/graph.ts';
import type { Node } from '../../onnx/node.ts';
import { constantOf } from '../../onnx/passes/constant-of.ts';
import { executionOrder } from '../../onnx/shape/execution-order.ts';
import { numbersOf } from '../../onnx/tensor-types/numbers-of.ts';
import { allGraphsOf } from '../../onnx/traverse.ts';
import type { Value } from '../../onnx/value.ts';
import { largestFloat16 } from './float16-limits.ts';

/** What lengths and positions go through: cheap, and no layer of a network. */
const operators = [
  'Add Sub Mul Div Neg Abs Floor Ceil Round Sqrt Reciprocal Pow Mod Min Max Sin Cos MatMul Einsum Identity Reshape',
  'Squeeze Unsqueeze Flatten Concat Transpose Expand Tile Slice Gather Split Where ReduceProd ReduceMax ReduceMin',
].flatMap((names) => names.split(' '));

/** Integers that may be lengths or positions. Pixels are bytes, and exact in float16. */
const indexTypes: ReadonlySet<DataType> = new Set(['int16', 'uint16', 'int32', 'uint32', 'int64', 'uint64']);

/** Tables of more elements are weights. */
const mostElements = 4096;

/**
 * Nodes that compute on lengths and positions alone: on integers that became float32, and small constants. A scaled
 * image size or a rotary position is wrong in float16, which counts to 2048, and costs nothing in float32. A mask's
 * arithmetic is not among them: its "minus infinity" must become float16's largest number, not its infinity.
 */
export function indexArithmetic(graph: Graph, typeOf: (value: Value) => DataType | null): ReadonlySet<Node> {
  const found = new Set<Node>();
  const indices = new Set<Value>();
  for (const inner of allGraphsOf(graph)) {
    for (const node of executionOrder(inner)) {
      const isArithmetic = node.is(...operators) && computesOnIndices(node, { indices, typeOf });
      if (isArithmetic) found.add(node);
      if (!isArithmetic && !makesIndices(node, typeOf)) continue;
      for (const value of node.outputs) if (value !== null && typeOf(value) === 'float32') indices.add(value);
    }
  }
  return found;
}

function makesIndices(node: Node, typeOf: (value: Value) => DataType | null): boolean {
  if (node.is('Range')) return true;
  const source = node.input(0);
  const type = source && typeOf(source);
  return node.is('Cast') && type !== null && indexTypes.has(type);
}

interface Known {
  readonly indices: ReadonlySet<Value>;
  readonly typeOf: (value: Value) => DataType | null;
}

function computesOnIndices(node: Node, { indices, typeOf }: Known): boolean {
  const floats = node.inputs.filter((value): value is Value => value !== null && typeOf(value) === 'float32');
  // A base of 500,000 or a divisor is no mask.
  const most = node.is('Pow', 'Div') ? Infinity : largestFloat16;
  return (
    floats.some((value) => indices.has(value)) &&
    floats.every((value) => indices.has(value) || isSmallConstant(value, most))
  );
}

function isSmallConstant(value: Value, most: number): boolean {
  if (value.producer?.is('Constant') === true && constantOf(value) === null) return true;
  const tensor = constantOf(value);
  if (tensor === null || tensor.elementCount > mostElements) return false;
  return numbersOf(tensor).every((number) => Math.abs(number) <= most);
}
