import type { Model } from '../../onnx/model.ts';
import type { Value } from '../../onnx/value.ts';
import type { Expr } from '../expressions/expr.ts';
import type { Expressions } from '../expressions/expressions.ts';
import type { BlockedNode } from './autodiff.ts';
import { differentiate } from './autodiff.ts';
import type { OptimizerOptions, Parameter, StateUpdate, StepScalars } from './optimizer.ts';
import { updateParameter } from './optimizer.ts';

export interface TrainingStepOptions {
  /** Holds the models and the loss. */
  readonly e: Expressions;
  /** A scalar. */
  readonly loss: Expr;
  /** What is trained, by name: inputs of the graph. */
  readonly parameters: ReadonlyMap<string, Expr>;
  readonly optimizer: OptimizerOptions;
  /** Further scalars to be told at each step, by name. */
  readonly watched?: Readonly<Record<string, Expr>>;
}

/** One tensor that a step carries over to the next. */
export interface StepState {
  /** The step's input and output. */
  readonly input: string;
  readonly output: string;
  readonly parameter: string;
  readonly role: StateUpdate['role'];
  readonly dims: readonly number[];
}

/** Forward, backward and the optimizer as one model of standard operators. */
export interface TrainingStep {
  readonly model: Model;
  readonly optimizer: OptimizerOptions;
  readonly state: readonly StepState[];
  /** Scalar inputs that are fed at every step, by name. */
  readonly scalars: Readonly<Record<keyof StepScalars, string>>;
  /** Scalar outputs, `loss`, `gradientNorm` and those that are watched, each with the output's name. */
  readonly watched: ReadonlyMap<string, string>;
  /** Parameters that cannot be trained, with the node that stops the gradient. */
  readonly frozen: ReadonlyMap<string, BlockedNode>;
  /** Parameters that the loss does not depend on. */
  readonly unused: readonly string[];
  /** Inputs of parameters that are not trained, frozen or unused ones, by the parameter's name. */
  readonly untrained: ReadonlyMap<string, string>;
}

/**
 * Adds gradients and updates to a graph that ends in a loss. The finished model takes data, parameters, moments and a
 * few scalars, and returns the loss and the next parameters and moments.
 */
export function buildTrainingStep(options: TrainingStepOptions): TrainingStep {
  const { e, loss, optimizer, watched = {} } = options;
  const names = new Map([...options.parameters].map(([name, { value }]) => [value, name]));
  const { gradients, frozen, unused } = differentiate({ e, loss, wanted: [...names.keys()] });
  const clipped = clip(e, gradients, optimizer.maxGradientNorm);
  const parameters = [...clipped.gradients].map(([value, gradient]): Parameter => {
    return { name: nameOf(value, names), value: e.exprOf(value), gradient };
  });
  const scalars = scalarsOf(e);
  const updates = parameters.flatMap((parameter) => updateParameter(e, parameter, { options: optimizer, scalars }));
  // What the models return is of no use here, and an output that nobody reads still costs its copy.
  for (let index = e.graph.outputs.length - 1; index >= 0; index--) e.graph.removeOutput(index);
  const told = Object.entries({ loss, gradientNorm: clipped.norm, ...watched });
  const outputs = told.map(([name, expr]) => [name, returnAs(e, expr, name)] as const);
  const state = updates.map((update) => stateOf(e, update));
  return {
    model: e.model(),
    optimizer,
    state,
    scalars: {
      learningRate: scalars.learningRate.value.name,
      correction1: scalars.correction1.value.name,
      correction2: scalars.correction2.value.name,
    },
    watched: new Map(outputs),
    frozen: new Map([...frozen].map(([value, block]) => [nameOf(value, names), block])),
    unused: unused.map((value) => nameOf(value, names)),
    untrained: new Map([...frozen.keys(), ...unused].map((value) => [nameOf(value, names), value.name])),
  };
}

function nameOf(value: Value, names: ReadonlyMap<Value, string>): string {
  return names.get(value) ?? value.name;
}

function scalarsOf(e: Expressions): StepScalars {
  const scalar = (name: string): Expr => e.input(e.graph.names.unique(name), 'float32', []);
  return {
    learningRate: scalar('learning_rate'),
    correction1: scalar('correction_1'),
    correction2: scalar('correction_2'),
  };
}

/** Pascanu and others, "On the difficulty of training recurrent neural networks" (2013): the whole gradient is scaled. */
function clip(e: Expressions, gradients: ReadonlyMap<Value, Expr>, most: number | undefined) {
  const squares = [...gradients.values()].map((gradient) => e.sumAll(e.mul(gradient, gradient)));
  const norm = e.sqrt(squares.reduce((sum, square) => e.add(sum, square), e.scalar(0)));
  if (most === undefined) return { gradients, norm };
  const scale = e.div(e.scalar(most), e.max(norm, most));
  return { gradients: new Map([...gradients].map(([value, gradient]) => [value, e.mul(gradient, scale)])), norm };
}

/** Returns it through a node of its own: a loss may be an input of other nodes, a parameter its own next value. */
function returnAs(e: Expressions, expr: Expr, name: string): string {
  const unique = e.graph.names.unique(name);
  e.builder.output(e.identity(expr).value, unique);
  return unique;
}

function stateOf(e: Expressions, { input, next, parameter, role }: StateUpdate): StepState {
  const output = e.graph.names.unique(`${input.value.name}/next`);
  e.output(next, output);
  return { input: input.value.name, output, parameter, role, dims: input.dims };
}
