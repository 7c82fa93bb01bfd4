import { Expressions } from '../../../../src/compute/expressions/expressions.ts';
import { differentiate } from '../../../../src/compute/training/autodiff.ts';
import type { DenseTensor } from '../../../../src/onnx/dense-tensor.ts';
import { encodeModel } from '../../../../src/onnx/file/encode-model.ts';
import type { PlainAttribute } from '../../../../src/onnx/graph-builder.ts';
import { runModel } from '../../../numerics/run-model.ts';
import { arraysOf, modelOf } from '../../reference/compare-with-runtime.ts';
import { runReference } from '../../reference/run-reference.ts';

interface OneOperator {
  readonly op: string;
  readonly x: DenseTensor;
  readonly attributes: Readonly<Record<string, PlainAttribute>>;
}

/** The gradient of the sum of an operator's output with respect to its only input. */
export async function gradientOf({ op, x, attributes }: OneOperator): Promise<readonly number[]> {
  const model = modelOf(
    { seed: 0, draw: () => ({ x }), build: (g, input) => [g.op(op, [input('x')], { attributes })] },
    { x },
  );
  const e = new Expressions(model.graph);
  const values = runReference(model, arraysOf({ x })).values;
  const [input] = model.graph.inputs;
  const [output] = model.graph.outputs;
  if (input === undefined || output === undefined) throw new RangeError('there is no input or output');
  e.adopt(input, x);
  e.adopt(output, { type: 'float32', dims: values.get(output.name)?.dims ?? [] });
  const gradient = differentiate({ e, loss: e.sumAll(e.exprOf(output)), wanted: [input] }).gradients.get(input);
  if (gradient === undefined) throw new RangeError('there is no gradient');
  e.output(gradient, 'gradient');
  const outputs = await runModel(encodeModel(e.model()), { x });
  return Array.from(outputs['gradient']?.data ?? [], Number);
}
