import type { Expr } from '../../compute/expressions/expr.ts';
import type { Expressions } from '../../compute/expressions/expressions.ts';
import { crossEntropyRows } from '../../compute/training/losses.ts';
import type { TrainingGraph } from '../../compute/training/training-graph.ts';
import { elementCount } from '../../onnx/dense-tensor.ts';
import type { ScoredOutput } from './scored-output.ts';

/** The input that labels are fed to. */
export const labelInput = 'infer.label';

/** An input that a random direction is fed to: of the shape of one output, each number 1 or -1. */
export interface DirectionInput {
  readonly name: string;
  readonly dims: readonly number[];
}

export interface TaylorLoss {
  /** A scalar. */
  readonly loss: Expr;
  readonly directions: readonly DirectionInput[];
}

/**
 * The loss whose gradient ranks units. For classes it is the cross-entropy, softened by a temperature, of labels, or of
 * what the model itself takes to be true. For values it is how far they go along a random direction, as a share of
 * their size: the square of that gradient is, in the mean over directions, the squared norm of the values' own
 * (Hutchinson 1990), the Fisher information of a regression. Throws RangeError for an output that is not there.
 */
export function taylorLoss(
  graph: TrainingGraph,
  outputs: ReadonlyMap<string, Expr>,
  scored: readonly ScoredOutput[],
): TaylorLoss {
  const { e } = graph;
  const directions: DirectionInput[] = [];
  const terms = scored.map((each, index) => {
    const output = outputs.get(each.name);
    if (output === undefined) throw new RangeError(`there is no output '${each.name}'`);
    const values = e.cast(output, 'float32');
    if (each.kind === 'classes') return crossEntropy(graph, values, each);
    const direction = { name: `infer.direction.${index}`, dims: values.dims };
    directions.push(direction);
    const along = e.sumAll(e.mul(values, graph.input(direction.name, 'float32', direction.dims)));
    return e.div(along, each.scale * Math.sqrt(elementCount(values.dims)));
  });
  return { loss: terms.reduce((sum, term) => e.add(sum, term), e.scalar(0)), directions };
}

function crossEntropy(graph: TrainingGraph, values: Expr, output: ScoredOutput & { readonly kind: 'classes' }): Expr {
  const { e } = graph;
  const { classAxis, areProbabilities, isLabeled } = output;
  const axes = [...values.dims.keys()];
  const last = e.transpose(values, [...axes.toSpliced(classAxis, 1), classAxis]);
  const classes = values.dims[classAxis] ?? 1;
  const positions = elementCount(values.dims) / classes;
  const rows = e.reshape(last, [positions, classes]);
  const logits = e.div(areProbabilities ? e.log(e.add(rows, tiny)) : rows, temperature);
  const labels = isLabeled ? graph.input(labelInput, 'int64', [positions]) : likeliest(e, rows);
  return e.meanAll(crossEntropyRows(e, { logits, labels }));
}

/**
 * What scores are divided by, as in distilling. Next to no gradient comes from a sample that a model is sure of, so that
 * with 1 the few others would decide everything.
 */
const temperature = 4;

/** A share of nothing has no logarithm. */
const tiny = 1e-12;

function likeliest(e: Expressions, rows: Expr): Expr {
  return e.op('ArgMax', [rows], {
    type: 'int64',
    dims: rows.dims.slice(0, -1),
    attributes: { axis: -1, keepdims: 0 },
  });
}
