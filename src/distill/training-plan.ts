import type { GraphMemory } from '../compute/training/graph-memory.ts';
import { graphMemory } from '../compute/training/graph-memory.ts';
import type { OptimizerOptions } from '../compute/training/optimizer.ts';
import type { TrainingStep } from '../compute/training/training-step.ts';
import { buildTrainingStep } from '../compute/training/training-step.ts';
import type { BlockedNode } from '../compute/training/autodiff.ts';
import type { Expr } from '../compute/expressions/expr.ts';
import type { Model } from '../onnx/model.ts';
import type { BatchSpec, LossPlan } from './loss-graph.ts';
import { writeLossGraph } from './loss-graph.ts';
import type { ModelPlace } from './training-end.ts';

/** A graph that tells how good a student is on the samples of a batch. */
export interface EvaluationGraph {
  readonly model: Model;
  /** Inputs that hold the student's weights, by parameter. */
  readonly parameterInputs: ReadonlyMap<string, string>;
  /** Its outputs: numbers by sample, by the names that the models leave free. */
  readonly outputs: { readonly loss: string; readonly metric: string; readonly teacherMetric: string | null };
}

/** Everything that is loaded to train on batches of one size. */
export interface TrainingPlan {
  readonly step: TrainingStep;
  readonly evaluation: EvaluationGraph;
  readonly memory: { readonly step: GraphMemory; readonly evaluation: GraphMemory };
}

/** Parameters that cannot be trained, and why. */
export interface Unreached {
  readonly blocked: ReadonlyMap<string, BlockedNode>;
  readonly unused: readonly string[];
}

interface PlanOptions {
  readonly place: ModelPlace;
  readonly parameters: readonly string[];
  readonly optimizer: OptimizerOptions;
}

/** Which of the parameters no gradient reaches. */
export async function findUnreached(plan: LossPlan, spec: BatchSpec, options: PlanOptions): Promise<Unreached> {
  const step = (await writeStep(plan, spec, options)).step;
  return { blocked: step.frozen, unused: step.unused };
}

/** Writes the step and the evaluation for one size of batch. All parameters given must be trainable. */
export async function planTraining(plan: LossPlan, spec: BatchSpec, options: PlanOptions): Promise<TrainingPlan> {
  const { step, memory } = await writeStep(plan, spec, options);
  const evaluation = await writeEvaluation(plan, spec, options);
  return { step, evaluation: evaluation.graph, memory: { step: memory, evaluation: evaluation.memory } };
}

async function writeStep(plan: LossPlan, spec: BatchSpec, { place, parameters, optimizer }: PlanOptions) {
  const graph = await writeLossGraph(plan, spec, { place, parameters, needsMetric: false });
  const { e } = graph;
  const step = buildTrainingStep({ e, loss: e.meanAll(graph.loss), parameters: graph.parameters, optimizer });
  return { step, memory: graphMemory(e) };
}

async function writeEvaluation(plan: LossPlan, spec: BatchSpec, { place, parameters }: PlanOptions) {
  const graph = await writeLossGraph(plan, spec, { place, parameters, needsMetric: true });
  const { e } = graph;
  const teacherMetric = graph.teacherMetric();
  const output = (expr: Expr, name: string): string => {
    const unique = e.graph.names.unique(name);
    e.output(expr, unique);
    return unique;
  };
  const outputs = {
    loss: output(graph.loss, 'loss'),
    metric: output(graph.metric(), 'metric'),
    teacherMetric: teacherMetric && output(teacherMetric, 'teacher_metric'),
  };
  const inputs = [...graph.parameters].map(([name, { value }]) => [name, value.name] as const);
  return {
    graph: { model: e.model(), parameterInputs: new Map(inputs), outputs },
    memory: graphMemory(e),
  };
}
