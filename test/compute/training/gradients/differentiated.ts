import { Expressions } from '../../../../src/compute/expressions/expressions.ts';
import { differentiate } from '../../../../src/compute/training/autodiff.ts';
import { isFloatType } from '../../../../src/onnx/data-type.ts';
import type { NamedTensors } from '../../../../src/onnx/dense-tensor.ts';
import { elementCount } from '../../../../src/onnx/dense-tensor.ts';
import { encodeModel } from '../../../../src/onnx/file/encode-model.ts';
import { GraphBuilder } from '../../../../src/onnx/graph-builder.ts';
import { inferTypes } from '../../../../src/onnx/shape/infer-types.ts';
import { tensorOfNumbers } from '../../../../src/onnx/tensor-types/tensor-of-numbers.ts';
import { numbersOf } from '../../../../src/onnx/tensor-types/numbers-of.ts';
import { valuesOf } from '../../../../src/onnx/traverse.ts';
import type { Value } from '../../../../src/onnx/value.ts';
import { runModel } from '../../../numerics/run-model.ts';

/** A graph of one output, written on inputs that are named and shaped like the feeds. */
export interface Differentiable {
  readonly feeds: NamedTensors;
  readonly build: (g: GraphBuilder, input: (name: string) => Value) => Value;
  readonly opset?: number;
}

/** What the runtime makes of it. */
export interface Differentiated {
  /** Of Σ W·y with respect to each float input that y depends on; W is {@link weightsOf} the output. */
  readonly gradients: Readonly<Record<string, readonly number[]>>;
  /** Operator and problem of the node that keeps an input from having a gradient. */
  readonly frozen: Readonly<Record<string, string>>;
}

/** Numbers without a pattern that a wrong rule could get right by accident. */
export function weightsOf(count: number): readonly number[] {
  return Array.from({ length: count }, (_, i) => Math.fround(Math.cos(7 * i + 1)));
}

/** The graph without gradients; its output is `result`. */
export function forwardModel({ feeds, build, opset = 20 }: Differentiable): Uint8Array {
  const { g, y } = written({ feeds, build });
  g.output(y, 'result');
  return encodeModel(g.model({ opset }));
}

export async function differentiated({ feeds, build, opset = 20 }: Differentiable): Promise<Differentiated> {
  const { g, y } = written({ feeds, build });
  const e = new Expressions(g.graph);
  e.importOpset('', opset);
  const types = inferTypes(g.model({ opset }));
  for (const value of valuesOf(g.graph)) {
    const { elementType, shape } = types.get(value) ?? { elementType: null, shape: null };
    const dims = shape?.map(Number) ?? null;
    if (elementType === null || dims === null) throw new RangeError(`the shape of '${value.name}' is not known`);
    e.adopt(value, { type: elementType, dims });
  }
  const output = e.exprOf(y);
  const weights = tensorOfNumbers('float32', output.dims, weightsOf(elementCount(output.dims)));
  const loss = e.sumAll(e.mul(e.cast(output, 'float32'), e.constant(weights)));
  const wanted = g.graph.inputs.filter((value) => isFloatType(e.exprOf(value).type));
  const { gradients, frozen } = differentiate({ e, loss, wanted });
  for (const [value, gradient] of gradients) e.output(gradient, `gradient of ${value.name}`);
  const found = gradients.size === 0 ? {} : await runModel(encodeModel(e.model()), feeds);
  return {
    gradients: Object.fromEntries(
      Object.entries(found).map(([name, tensor]) => [name.replace('gradient of ', ''), Array.from(numbersOf(tensor))]),
    ),
    frozen: Object.fromEntries([...frozen].map(([{ name }, { node, problem }]) => [name, `${node.op}: ${problem}`])),
  };
}

function written({ feeds, build }: Pick<Differentiable, 'feeds' | 'build'>) {
  const g = new GraphBuilder();
  const inputs = new Map(Object.entries(feeds).map(([name, { type, dims }]) => [name, g.input(name, type, dims)]));
  const y = build(g, (name) => {
    const value = inputs.get(name);
    if (value === undefined) throw new RangeError(`there is no input '${name}'`);
    return value;
  });
  return { g, y };
}
