import { create, toBinary } from '@bufbuild/protobuf';
import { AttributeProto_AttributeType, ModelProtoSchema } from 'onnx-buf';
import type { DataType } from '../../../src/onnx/data-type.ts';
import { bytesOfElements, type DenseTensor } from '../../../src/onnx/dense-tensor.ts';
import { numberOfDataType } from '../../../src/onnx/file/data-type-number.ts';
import { runModel } from '../../numerics/run-model.ts';

/**
 * The tensor after onnxruntime cast it to one type after another. It lies in the model itself, since onnxruntime-node
 * can neither be fed nor return every type.
 */
export async function runCast(
  { type, dims, data }: DenseTensor,
  to: readonly DataType[],
  saturate = true,
): Promise<DenseTensor> {
  const content = ArrayBuffer.isView(data)
    ? { rawData: Uint8Array.from(bytesOfElements(data)) }
    : { stringData: data.map((text) => Uint8Array.from(Buffer.from(text))) };
  const last = to.length;
  const model = create(ModelProtoSchema, {
    irVersion: 12n,
    opsetImport: [{ domain: '', version: 25n }],
    graph: {
      name: 'casts',
      initializer: [{ name: 'v0', dims: dims.map(BigInt), dataType: numberOfDataType(type), ...content }],
      node: to.map((next, i) => ({
        opType: 'Cast',
        input: [`v${i}`],
        output: [`v${i + 1}`],
        attribute: [
          intAttribute('to', numberOfDataType(next)),
          ...(next.startsWith('float8') ? [intAttribute('saturate', saturate ? 1 : 0)] : []),
        ],
      })),
      output: [
        {
          name: `v${last}`,
          type: { value: { case: 'tensorType', value: { elemType: numberOfDataType(to.at(-1) ?? type) } } },
        },
      ],
    },
  });
  const outputs = await runModel(toBinary(ModelProtoSchema, model), {});
  const result = outputs[`v${last}`];
  if (result === undefined) throw new Error('no output');
  return result;
}

function intAttribute(name: string, value: number) {
  return { name, type: AttributeProto_AttributeType.INT, i: BigInt(value) };
}
