import type { Model } from '../onnx/model.ts';
import type { Node } from '../onnx/node.ts';
import type { Value } from '../onnx/value.ts';

/** Operators that hand indices on as they are. */
const passing = [
  'Identity',
  'Cast',
  'Reshape',
  'Flatten',
  'Squeeze',
  'Unsqueeze',
  'Transpose',
  'Expand',
  'Slice',
  'Concat',
];

/** Further operators that look rows up: for each input of indices, the input with the table. */
const lookups: Readonly<Record<string, ReadonlyMap<number, number>>> = {
  // https://github.com/microsoft/onnxruntime/blob/main/docs/ContribOperators.md
  EmbedLayerNormalization: new Map([
    [0, 2],
    [1, 4],
  ]),
  GatherBlockQuantized: new Map([[1, 0]]),
  // Positions, in com.microsoft's and in ONNX's own (opset 23), and the table of cosines.
  RotaryEmbedding: new Map([
    [1, 2],
    [3, 1],
  ]),
};

/** Every value between an input and its tables is visited once; a graph that has more is none that we know. */
const mostVisits = 10_000;

/**
 * For each integer input that is looked up in a constant table (an embedding), the number of rows of the smallest
 * such table: its elements must stay below.
 */
export function integerLimits(model: Model): Readonly<Record<string, number>> {
  const limits: Record<string, number> = {};
  for (const input of model.graph.inputs) {
    const type = input.type?.kind === 'tensor' ? input.type.elementType : null;
    if (type !== 'int64' && type !== 'int32') continue;
    const limit = smallestTable(input);
    if (limit !== null) limits[input.name] = limit;
  }
  return limits;
}

function smallestTable(input: Value): number | null {
  const waiting = [input];
  const seen = new Set(waiting);
  let smallest = Infinity;
  for (let value = waiting.pop(); value !== undefined && seen.size < mostVisits; value = waiting.pop()) {
    for (const { node, index } of value.uses) {
      smallest = Math.min(smallest, tableRows(node, index) ?? Infinity);
      for (const next of handedOn(node, index)) {
        if (seen.has(next)) continue;
        seen.add(next);
        waiting.push(next);
      }
    }
  }
  return smallest === Infinity ? null : smallest;
}

function handedOn(node: Node, index: number): readonly Value[] {
  const isData = node.is(...passing) && (index === 0 || node.op === 'Concat');
  return isData ? node.outputs.filter((output) => output !== null) : [];
}

/** Rows of the table that an input of a node looks up; null where it looks nothing up, or not in a constant. */
function tableRows(node: Node, index: number): number | null {
  if (node.is('Gather') && index === 1) {
    const dims = tableDims(node.input(0));
    const axis = node.int('axis', 0);
    return dims?.at(axis) ?? null;
  }
  const table = lookups[node.op]?.get(index);
  return table === undefined ? null : (tableDims(node.input(table))?.[0] ?? null);
}

/** Axis lengths of a constant table, which may be stored in a smaller type and turned into floats on the way. */
export function tableDims(value: Value | null): readonly number[] | null {
  if (value === null) return null;
  if (value.tensor !== null) return value.tensor.dims;
  const { producer } = value;
  return producer?.is('Cast', 'DequantizeLinear') === true ? tableDims(producer.input(0)) : null;
}
