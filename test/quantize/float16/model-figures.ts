import type { Model } from '../../../src/onnx/model.ts';
import { inferTypes } from '../../../src/onnx/shape/infer-types.ts';
import { encodeModel } from '../../../src/onnx/file/encode-model.ts';
import { readModelBytes } from '../../../src/onnx/file/read-model.ts';
import { allGraphsOf, valuesOf } from '../../../src/onnx/traverse.ts';

/** Nodes of all graphs, as `op: inputs -> outputs`. */
export function nodesOf(model: Model): readonly string[] {
  return [...allGraphsOf(model.graph)].flatMap((graph) =>
    [...graph.nodes()].map(
      ({ op, inputs, outputs }) =>
        `${op}: ${inputs.map((value) => value?.name ?? '').join(' ')} -> ${outputs.map((value) => value?.name ?? '').join(' ')}`,
    ),
  );
}

export function countOf(model: Model, op: string): number {
  return [...allGraphsOf(model.graph)].flatMap((graph) => [...graph.nodes()]).filter((node) => node.op === op).length;
}

/** Declared types that the operators contradict, when only the types of inputs are believed. */
export function contradictedTypes(model: Model): readonly string[] {
  const bare = readModelBytes(encodeModel(model));
  const declared = new Map<string, string>();
  for (const graph of allGraphsOf(bare.graph)) {
    for (const value of valuesOf(graph)) {
      if (value.declaredType?.kind === 'tensor') declared.set(value.name, value.declaredType.elementType ?? '');
      if (value.producer !== null) value.setType(null);
    }
  }
  const contradictions: string[] = [];
  for (const [value, { elementType }] of inferTypes(bare)) {
    const type = declared.get(value.name);
    if (type !== undefined && elementType !== null && elementType !== type) {
      contradictions.push(`${value.name}: declared ${type}, made ${elementType}`);
    }
  }
  return contradictions;
}
