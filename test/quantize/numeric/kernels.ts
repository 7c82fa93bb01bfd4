import type { DenseTensor, NamedTensors } from '../../../src/onnx/dense-tensor.ts';
import { encodeModel } from '../../../src/onnx/file/encode-model.ts';
import type { PlainAttribute } from '../../../src/onnx/graph-builder.ts';
import { GraphBuilder } from '../../../src/onnx/graph-builder.ts';
import type { DataType } from '../../../src/onnx/data-type.ts';
import { tensorType } from '../../../src/onnx/value-type.ts';
import type { LoadedModel, ModelRunner } from '../../../src/runtime/model-runner.ts';

export interface Kernel {
  readonly op: string;
  /** Types of the inputs, all of them fed. */
  readonly inputs: readonly DataType[];
  readonly outputs: readonly DataType[];
  /** Ranks of the inputs; 1 unless given. */
  readonly ranks?: readonly number[];
  readonly attributes?: Readonly<Record<string, PlainAttribute>>;
}

/** One operator of onnxruntime, to be asked what it computes. */
export async function loadKernel(
  runner: ModelRunner,
  { op, inputs, outputs, ...kernel }: Kernel,
): Promise<LoadedModel> {
  const g = new GraphBuilder();
  const read = inputs.map((type, i) => {
    const rank = kernel.ranks?.[i] ?? 1;
    return g.input(`in${i}`, type, rank === 0 ? [] : Array.from({ length: rank }, (_, axis) => `n${i}_${axis}`));
  });
  const made = g.ops(op, read, { outputs: outputs.length, attributes: kernel.attributes ?? {} });
  for (const [i, value] of made.entries()) {
    const type = outputs[i];
    if (type !== undefined) g.output(value, `out${i}`, tensorType(type));
  }
  return runner.load({ bytes: encodeModel(g.model({ opset: 21 })) }, { name: op });
}

/** What a kernel makes of its inputs, by place. */
export async function computed(
  kernel: LoadedModel,
  ...inputs: readonly DenseTensor[]
): Promise<readonly DenseTensor[]> {
  const feeds: NamedTensors = Object.fromEntries(inputs.map((tensor, i) => [`in${i}`, tensor]));
  return Object.values(await kernel.run(feeds));
}
