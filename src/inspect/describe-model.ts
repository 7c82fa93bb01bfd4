import type { Model } from '../onnx/model.ts';
import type { InferredScope } from '../onnx/shape/inferred-scope.ts';
import type { Value } from '../onnx/value.ts';
import type { InspectedFile } from './inspected-file.ts';
import type { Inspection } from './inspect-result.ts';
import type { PlacedNode } from './placed-nodes.ts';

/** Texts are cut: some exporters store whole vocabularies or graphs as metadata. */
const longestText = 1000;

/** Who made the model, in which language, and how large it is. */
export function describeModel(
  model: Model,
  nodes: readonly PlacedNode[],
  file: InspectedFile | null,
): Inspection['model'] {
  return {
    path: file?.path ?? null,
    sizeBytes: file?.sizeBytes ?? null,
    externalFiles: (file?.externalFiles ?? []).map(({ location, sizeBytes }) => ({ location, sizeBytes })),
    graph: model.graph.name,
    irVersion: model.irVersion,
    opsets: [...model.opsets].map(([domain, version]) => ({ domain, version })),
    producer: { ...model.producer },
    domain: model.domain,
    version: String(model.modelVersion),
    description: cut(model.docString),
    // What infer itself wrote is read as a whole.
    metadata: model.metadata.map(({ key, value }) => ({ key, value: key.startsWith('infer.') ? value : cut(value) })),
    nodes: nodes.length,
    subgraphs: nodes.reduce((sum, { node }) => sum + node.subgraphs.length, 0),
    functions: model.functions.length,
  };
}

function cut(text: string): string {
  return text.length <= longestText ? text : `${text.slice(0, longestText)}…`;
}

/** An input or output: what it is declared to be, and what it is at the given lengths. */
export function describeEnd({ name, type }: Value, info: InferredEnd): Inspection['inputs'][number] {
  const isTensor = type?.kind === 'tensor' || type?.kind === 'sparse-tensor';
  return {
    name,
    type: isTensor || type === null ? ((isTensor ? type.elementType : null) ?? info?.elementType ?? null) : type.kind,
    declared: isTensor && type.shape !== null ? [...type.shape] : null,
    shape: info?.shape ? [...info.shape] : null,
  };
}

type InferredEnd = ReturnType<InferredScope['types']['get']>;
