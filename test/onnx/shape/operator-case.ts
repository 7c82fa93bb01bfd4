import type { NumericType } from '../../../src/onnx/data-type.ts';
import type { DenseTensor, NamedTensors } from '../../../src/onnx/dense-tensor.ts';
import type { PlainAttribute } from '../../../src/onnx/graph-builder.ts';
import { GraphBuilder } from '../../../src/onnx/graph-builder.ts';
import type { Model } from '../../../src/onnx/model.ts';
import { tensorOfNumbers } from '../../../src/onnx/tensor-types/tensor-of-numbers.ts';
import { disagreements, inferAndRun, lengthsOf, unknowns } from './agreement.ts';

/** An argument of an operator: data that is fed, a constant of the model, or nothing. */
export type Argument = { readonly fed: DenseTensor } | { readonly constant: DenseTensor } | null;

export interface OperatorCase {
  readonly op: string;
  readonly args: readonly Argument[];
  readonly attributes?: Readonly<Record<string, PlainAttribute>>;
  readonly outputs?: number;
  readonly opset?: number;
  readonly domain?: string;
  /** The shape depends on data, or is left open on purpose. */
  readonly open?: true;
  /** The runtime wants its constants to be constants. */
  readonly constantsOnly?: true;
}

/** Data that is fed, counting up through small numbers of both signs. */
export function fed(dims: readonly number[], type: NumericType = 'float32'): Argument {
  return { fed: counting(dims, type) };
}

/** A constant counting up. */
export function fixed(dims: readonly number[], type: NumericType = 'float32'): Argument {
  return { constant: counting(dims, type) };
}

/** A constant vector of int64. */
export function vector(...values: readonly number[]): Argument {
  return given([values.length], values, 'int64');
}

/** A constant with given elements. */
export function given(dims: readonly number[], values: readonly number[], type: NumericType = 'float32'): Argument {
  return { constant: tensorOfNumbers(type, dims, values) };
}

function counting(dims: readonly number[], type: NumericType): DenseTensor {
  const count = dims.reduce((product, dim) => product * dim, 1);
  const low = type.startsWith('u') || type === 'bool' ? 0 : -1;
  const high = type === 'bool' ? 2 : 3;
  return tensorOfNumbers(
    type,
    dims,
    Array.from({ length: count }, (_, index) => low + (index % (high - low))),
  );
}

/** How the model tells the lengths of what it is fed. */
export type Declared = 'numbers' | 'symbols' | 'nothing';

/** A model of one node; `constantsFed` hides the constants' content from inference. */
function caseModel(
  test: OperatorCase,
  { declared, constantsFed = false }: { readonly declared: Declared; readonly constantsFed?: boolean },
): { readonly model: Model; readonly feeds: NamedTensors } {
  const g = new GraphBuilder();
  const feeds: Record<string, DenseTensor> = {};
  const inputs = test.args.map((argument, index) => {
    if (argument === null) return null;
    const name = `x${index}`;
    if ('constant' in argument && !constantsFed) return g.constant(name, argument.constant);
    const tensor = 'fed' in argument ? argument.fed : argument.constant;
    feeds[name] = tensor;
    return g.input(name, tensor.type, declaredShape(name, tensor.dims, declared));
  });
  const { op, attributes = {}, outputs = 1, domain = '', opset = 17 } = test;
  g.ops(op, inputs, { attributes, outputs, domain });
  const opsets = { 'com.microsoft': 1 };
  return { model: g.model({ opset, opsets }), feeds };
}

function declaredShape(name: string, dims: readonly number[], declared: Declared) {
  if (declared === 'numbers') return dims;
  return dims.map((_, axis) => (declared === 'symbols' ? `${name}_${axis}` : null));
}

/**
 * Runs a case in each way of declaring it and tells what is wrong: what inference claims and the runtime does not
 * make, and what it leaves open although everything is given.
 */
export async function problemsOf(test: OperatorCase): Promise<readonly string[]> {
  const problems: string[] = [];
  for (const declared of ['numbers', 'symbols', 'nothing'] as const) {
    for (const constantsFed of test.constantsOnly ? [false] : [false, true]) {
      const { model, feeds } = caseModel(test, { declared, constantsFed });
      const comparison = await inferAndRun(model, feeds);
      const isGiven = declared === 'numbers' && !constantsFed && test.open === undefined;
      problems.push(...disagreements(comparison), ...(isGiven ? unknowns(comparison) : []));
    }
  }
  return [...problems, ...(await problemsWhenBound(test))];
}

/** Lengths given from outside serve as well as declared ones. */
async function problemsWhenBound(test: OperatorCase): Promise<readonly string[]> {
  const problems: string[] = [];
  for (const declared of ['symbols', 'nothing'] as const) {
    const { model, feeds } = caseModel(test, { declared });
    const comparison = await inferAndRun(model, feeds, { dims: Object.fromEntries(lengthsOf(model, feeds)) });
    problems.push(...disagreements({ ...comparison, lengths: new Map() }));
    if (test.open === undefined) problems.push(...unknowns(comparison));
  }
  return problems;
}
