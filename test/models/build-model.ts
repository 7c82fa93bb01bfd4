import { create, toBinary } from '@bufbuild/protobuf';
import type { MessageInitShape } from '@bufbuild/protobuf';
import { ModelProtoSchema, TensorProto_DataType } from 'onnx-buf';
import type { AttributeProtoSchema, GraphProtoSchema } from 'onnx-buf';

type Shape = readonly (number | string)[];

export interface ValueSpec {
  readonly name: string;
  readonly shape: Shape;
  readonly type?: keyof typeof TensorProto_DataType;
}

export interface NodeSpec {
  readonly op: string;
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
  readonly name?: string;
  readonly domain?: string;
  readonly attributes?: readonly MessageInitShape<typeof AttributeProtoSchema>[];
}

export interface GraphSpec {
  readonly inputs: readonly ValueSpec[];
  readonly outputs: readonly ValueSpec[];
  readonly nodes: readonly NodeSpec[];
  readonly initializers?: readonly {
    name: string;
    dims: readonly number[];
    floats?: readonly number[];
    longs?: readonly bigint[];
    bools?: readonly number[];
  }[];
}

/** Serializes a small ONNX model by the schema, so that tests need no model file and no Python. */
export function buildModel(graph: GraphSpec, { opset = 17, irVersion = 8 } = {}): Uint8Array {
  const domains = [...new Set(graph.nodes.map(({ domain }) => domain ?? ''))];
  return toBinary(
    ModelProtoSchema,
    create(ModelProtoSchema, {
      irVersion: BigInt(irVersion),
      producerName: 'infer-test',
      opsetImport: domains.map((domain) => ({ domain, version: BigInt(domain === '' ? opset : 1) })),
      graph: buildGraph(graph),
    }),
  );
}

export function buildGraph(graph: GraphSpec): MessageInitShape<typeof GraphProtoSchema> {
  return {
    name: 'graph',
    input: graph.inputs.map(valueInfo),
    output: graph.outputs.map(valueInfo),
    node: graph.nodes.map(({ op, inputs, outputs, name = '', domain = '', attributes = [] }) => ({
      opType: op,
      input: [...inputs],
      output: [...outputs],
      name,
      domain,
      attribute: [...attributes],
    })),
    initializer: (graph.initializers ?? []).map(({ name, dims, floats, longs, bools }) => ({
      name,
      dims: dims.map(BigInt),
      dataType: floats ? TensorProto_DataType.FLOAT : longs ? TensorProto_DataType.INT64 : TensorProto_DataType.BOOL,
      floatData: [...(floats ?? [])],
      int64Data: [...(longs ?? [])],
      int32Data: [...(bools ?? [])],
    })),
  };
}

function valueInfo({ name, shape, type = 'FLOAT' }: ValueSpec) {
  return {
    name,
    type: {
      value: {
        case: 'tensorType' as const,
        value: {
          elemType: TensorProto_DataType[type],
          shape: {
            dim: shape.map((dim) =>
              typeof dim === 'number'
                ? { value: { case: 'dimValue' as const, value: BigInt(dim) } }
                : { value: { case: 'dimParam' as const, value: dim } },
            ),
          },
        },
      },
    },
  };
}
