import type { Expr } from '../expressions/expr.ts';
import type { Expressions } from '../expressions/expressions.ts';

/** How parameters follow their gradients. */
export type OptimizerOptions = AdamWOptions | SgdOptions;

export interface AdamWOptions {
  readonly kind: 'adamw';
  readonly beta1?: number;
  readonly beta2?: number;
  readonly epsilon?: number;
  /** Share of a weight taken away at each step per unit of learning rate; biases and scales are spared. */
  readonly weightDecay?: number;
  /** Longest gradient, as the norm over all parameters; longer ones are shortened. No limit unless given. */
  readonly maxGradientNorm?: number;
}

export interface SgdOptions {
  readonly kind: 'sgd';
  readonly momentum?: number;
  readonly nesterov?: boolean;
  readonly weightDecay?: number;
  readonly maxGradientNorm?: number;
}

/** Scalar inputs of a step, told anew each time. */
export interface StepScalars {
  readonly learningRate: Expr;
  /** AdamW's bias corrections 1/(1-beta^t); 1 elsewhere. */
  readonly correction1: Expr;
  readonly correction2: Expr;
}

export interface Parameter {
  readonly name: string;
  readonly value: Expr;
  readonly gradient: Expr;
}

/** A tensor that a step reads and writes: a parameter or one of its moments. */
export interface StateUpdate {
  /** Input of the step. */
  readonly input: Expr;
  readonly next: Expr;
  /** The parameter it belongs to, and what it is to it. */
  readonly parameter: string;
  readonly role: 'value' | 'momentum' | 'variance';
}

/** Writes one parameter's update and returns what it reads and writes. */
export function updateParameter(
  e: Expressions,
  parameter: Parameter,
  { options, scalars }: { readonly options: OptimizerOptions; readonly scalars: StepScalars },
): readonly StateUpdate[] {
  return options.kind === 'adamw' ? adamW(e, parameter, { options, scalars }) : sgd(e, parameter, { options, scalars });
}

/** Loshchilov and Hutter, "Decoupled Weight Decay Regularization" (2019), algorithm 2, as PyTorch's AdamW reckons it. */
function adamW(
  e: Expressions,
  { name, value, gradient }: Parameter,
  { options, scalars }: { readonly options: AdamWOptions; readonly scalars: StepScalars },
): readonly StateUpdate[] {
  const { beta1 = 0.9, beta2 = 0.999, epsilon = 1e-8 } = options;
  const { learningRate, correction1, correction2 } = scalars;
  const momentum = stateInput(e, `${name}/momentum`, value);
  const variance = stateInput(e, `${name}/variance`, value);
  const nextMomentum = e.add(e.mul(momentum, beta1), e.mul(gradient, 1 - beta1));
  const nextVariance = e.add(e.mul(variance, beta2), e.mul(e.mul(gradient, gradient), 1 - beta2));
  const deviation = e.add(e.sqrt(e.mul(nextVariance, correction2)), epsilon);
  const step = e.div(e.mul(nextMomentum, e.mul(learningRate, correction1)), deviation);
  return [
    {
      input: value,
      next: e.sub(decayed(e, value, { ...options, learningRate }), step),
      parameter: name,
      role: 'value',
    },
    { input: momentum, next: nextMomentum, parameter: name, role: 'momentum' },
    { input: variance, next: nextVariance, parameter: name, role: 'variance' },
  ];
}

/** Polyak's momentum as PyTorch's SGD reckons it, with decoupled weight decay. */
function sgd(
  e: Expressions,
  { name, value, gradient }: Parameter,
  { options, scalars }: { readonly options: SgdOptions; readonly scalars: StepScalars },
): readonly StateUpdate[] {
  const { momentum: factor = 0.9, nesterov = false } = options;
  const { learningRate } = scalars;
  const start = decayed(e, value, { ...options, learningRate });
  if (factor === 0) {
    return [{ input: value, next: e.sub(start, e.mul(gradient, learningRate)), parameter: name, role: 'value' }];
  }
  const momentum = stateInput(e, `${name}/momentum`, value);
  const nextMomentum = e.add(e.mul(momentum, factor), gradient);
  const direction = nesterov ? e.add(gradient, e.mul(nextMomentum, factor)) : nextMomentum;
  return [
    { input: value, next: e.sub(start, e.mul(direction, learningRate)), parameter: name, role: 'value' },
    { input: momentum, next: nextMomentum, parameter: name, role: 'momentum' },
  ];
}

function stateInput(e: Expressions, name: string, { type, dims }: Expr): Expr {
  return e.input(e.graph.names.unique(name), type, dims);
}

/** Vectors, also those shaped to broadcast to an image, are biases and scales: decay makes them not simpler, only wrong. */
function decayed(
  e: Expressions,
  value: Expr,
  { weightDecay = 0, learningRate }: { readonly weightDecay?: number; readonly learningRate: Expr },
): Expr {
  if (weightDecay === 0 || isVector(value.dims)) return value;
  return e.mul(value, e.sub(e.scalar(1), e.mul(learningRate, weightDecay)));
}

function isVector(dims: readonly number[]): boolean {
  return dims.length !== 2 && dims.filter((dim) => dim !== 1).length < 2;
}
