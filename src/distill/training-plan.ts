import type { GraphMemory } from '../compute/training/graph-memory.ts';
import { graphMemory } from '../compute/training/graph-memory.ts';
import type { OptimizerOptions } from '../compute/training/optimizer.ts';
import type { TrainingStep } from '../compute/training/training-step.ts';
import { buildTrainingStep } from '../compute/training/training-step.ts';
import type { BlockedNode } from '../compute/training/autodiff.ts';
import type { Model } from '../onnx/model.ts';
import type { BatchSpec, LossPlan } from './loss-graph.ts';
import { writeLossGraph } from './loss-graph.ts';
import type { ModelPlace } from './training-end.ts';

/** A graph that tells how good a student is on the samples of a batch. */
export interface EvaluationGraph {
  readonly model: Model;
  /** Inputs that hold the student's weights, by parameter. */
  readonly parameterInputs: ReadonlyMap<string, string>;
  readonly hasTeacherMetric: boolean;
}

/** Names of the outputs of an evaluation: numbers by sample. */
export const evaluationOutputs = { loss: 'loss', metric: 'metric', teacherMetric: 'teacher_metric' } as const;

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
  e.output(graph.loss, evaluationOutputs.loss);
  e.output(graph.metric(), evaluationOutputs.metric);
  if (teacherMetric !== null) e.output(teacherMetric, evaluationOutputs.teacherMetric);
  const inputs = [...graph.parameters].map(([name, { value }]) => [name, value.name] as const);
  return {
    graph: { model: e.model(), parameterInputs: new Map(inputs), hasTeacherMetric: teacherMetric !== null },
    memory: graphMemory(e),
  };
}
