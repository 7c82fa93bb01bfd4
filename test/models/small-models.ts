import { AttributeProto_AttributeType } from 'onnx-buf';
import { buildGraph, buildModel } from './build-model.ts';

/** y = x + x over 16 floats: the cheapest model there is. */
export function addModel(shape: readonly (number | string)[] = [16]): Uint8Array {
  return buildModel({
    inputs: [{ name: 'x', shape }],
    outputs: [{ name: 'y', shape }],
    nodes: [{ op: 'Add', inputs: ['x', 'x'], outputs: ['y'] }],
  });
}

/** y = x·W + b with W[i][j] = i + 1 for even j, -(i + 1) for odd j, and b[j] = j / 2. */
export function linearModel(): Uint8Array {
  const weights = [1, 2, 3, 4].flatMap((row) => [row, -row, row]);
  return buildModel({
    inputs: [{ name: 'x', shape: ['batch', 4] }],
    outputs: [{ name: 'y', shape: ['batch', 3] }],
    nodes: [
      { op: 'MatMul', inputs: ['x', 'w'], outputs: ['xw'], name: 'matmul' },
      { op: 'Add', inputs: ['xw', 'b'], outputs: ['y'], name: 'add' },
    ],
    initializers: [
      { name: 'w', dims: [4, 3], floats: weights },
      { name: 'b', dims: [3], floats: [0, 0.5, 1] },
    ],
  });
}

/** A loop whose run takes `trips` additions: endless for any purpose when that is 2^62. */
export function loopModel(trips: bigint): Uint8Array {
  const body = buildGraph({
    inputs: [
      { name: 'i', shape: [], type: 'INT64' },
      { name: 'cond_in', shape: [], type: 'BOOL' },
      { name: 'acc_in', shape: [1] },
    ],
    outputs: [
      { name: 'cond_out', shape: [], type: 'BOOL' },
      { name: 'acc_out', shape: [1] },
    ],
    nodes: [
      { op: 'Identity', inputs: ['cond_in'], outputs: ['cond_out'] },
      { op: 'Add', inputs: ['acc_in', 'acc_in'], outputs: ['acc_out'] },
    ],
  });
  return buildModel({
    inputs: [{ name: 'x', shape: [1] }],
    outputs: [{ name: 'y', shape: [1] }],
    nodes: [
      {
        op: 'Loop',
        inputs: ['trips', 'go', 'x'],
        outputs: ['y'],
        attributes: [{ name: 'body', type: AttributeProto_AttributeType.GRAPH, g: body }],
      },
    ],
    initializers: [
      { name: 'trips', dims: [], longs: [trips] },
      { name: 'go', dims: [], bools: [1] },
    ],
  });
}

/** A model whose only node is of a domain nobody registered. */
export function unknownOperatorModel(): Uint8Array {
  return buildModel({
    inputs: [{ name: 'x', shape: [4] }],
    outputs: [{ name: 'y', shape: [4] }],
    nodes: [{ op: 'Frobnicate', domain: 'com.example', name: 'node_7', inputs: ['x'], outputs: ['y'] }],
  });
}

/** Expands a scalar to `bytes` of floats: asks for more memory than there is. */
export function hugeModel(elements: bigint): Uint8Array {
  return buildModel({
    inputs: [{ name: 'x', shape: [1] }],
    outputs: [{ name: 'y', shape: ['n'] }],
    nodes: [{ op: 'Expand', inputs: ['x', 'shape'], outputs: ['y'] }],
    initializers: [{ name: 'shape', dims: [1], longs: [elements] }],
  });
}

/** Four inputs of different types, each copied to `<name>_out`. */
export function identityModel(): Uint8Array {
  const types = [
    { name: 'half', type: 'FLOAT16' },
    { name: 'long', type: 'INT64' },
    { name: 'flag', type: 'BOOL' },
    { name: 'text', type: 'STRING' },
  ] as const;
  return buildModel({
    inputs: types.map(({ name, type }) => ({ name, type, shape: [2] })),
    outputs: types.map(({ name, type }) => ({ name: `${name}_out`, type, shape: [2] })),
    nodes: types.map(({ name }) => ({ op: 'Identity', inputs: [name], outputs: [`${name}_out`] })),
  });
}
