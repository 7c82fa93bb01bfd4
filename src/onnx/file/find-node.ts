import { readFileSync, statSync } from 'node:fs';
import { fromBinary } from '@bufbuild/protobuf';
import { type GraphProto, ModelProtoSchema, type NodeProto } from 'onnx-buf';

/** Larger files are not read whole for the sake of a better message. */
const largestBytes = 2 ** 28;

/**
 * The first node that uses an operator, by its name or, where it has none, by what it computes (`-> y`); null when
 * the file is too large to look into, cannot be parsed, or holds none. Subgraphs are searched too.
 */
export function findNode(path: string, operator: string, domain: string): string | null {
  try {
    if (statSync(path).size > largestBytes) return null;
    const { graph } = fromBinary(ModelProtoSchema, readFileSync(path));
    const isMeant = (node: NodeProto) => node.opType === operator && sameDomain(node.domain, domain);
    const node = graph === undefined ? null : search(graph, isMeant);
    return node === null ? null : node.name === '' ? `-> ${node.output[0] ?? ''}` : node.name;
  } catch {
    return null;
  }
}

function search(graph: GraphProto, isMeant: (node: NodeProto) => boolean): NodeProto | null {
  for (const node of graph.node) {
    if (isMeant(node)) return node;
    for (const { g, graphs } of node.attribute) {
      const found = [...(g === undefined ? [] : [g]), ...graphs].map((inner) => search(inner, isMeant));
      const first = found.find((inner) => inner !== null);
      if (first !== undefined) return first;
    }
  }
  return null;
}

/** The standard domain has two names. */
function sameDomain(a: string, b: string): boolean {
  return (a === '' ? 'ai.onnx' : a) === (b === '' ? 'ai.onnx' : b);
}
