import { createHash } from 'node:crypto';
import { fromBinary, toBinary } from '@bufbuild/protobuf';
import type { GraphProto, NodeProto, TensorProto } from 'onnx-buf';
import { ModelProtoSchema, TensorProtoSchema } from 'onnx-buf';
import { decodeTensorProto } from '../../../src/onnx/file/tensor-proto.ts';

/**
 * What a model file says, read by the generated schema, without what may be said in two ways: empty texts that are
 * there or not, elements as raw or typed data, and the order of value infos.
 */
export function plainModel(bytes: Uint8Array): unknown {
  const { graph, ...rest } = fromBinary(ModelProtoSchema, bytes);
  return plain({ ...rest, graph: graph && plainGraph(graph) });
}

function plainGraph(graph: GraphProto): unknown {
  return plain({
    ...graph,
    node: graph.node.map(plainNode),
    initializer: graph.initializer.map(plainTensor),
    valueInfo: graph.valueInfo.toSorted((a, b) => (a.name < b.name ? -1 : 1)),
  });
}

function plainNode(node: NodeProto): unknown {
  const attribute = node.attribute.map(({ t, g, graphs, ...rest }) =>
    plain({ ...rest, t: t && plainTensor(t), g: g && plainGraph(g), graphs: graphs.map(plainGraph) }),
  );
  return plain({ ...node, attribute });
}

function plainTensor(tensor: TensorProto): unknown {
  const { name, tensor: read } = decodeTensorProto(toBinary(TensorProtoSchema, tensor));
  const { type, dims, data } = read;
  const sha1 = createHash('sha1')
    .update(ArrayBuffer.isView(data) ? data : JSON.stringify(data))
    .digest('hex');
  return { name, type, dims, sha1 };
}

function plain(message: object): unknown {
  return JSON.parse(JSON.stringify(message, replace));
}

function replace(key: string, value: unknown): unknown {
  if (key.startsWith('$') || value === '' || (Array.isArray(value) && value.length === 0)) return undefined;
  return typeof value === 'bigint' ? String(value) : value;
}
