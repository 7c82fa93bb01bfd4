import { ModelError } from '../../errors.ts';
import type { BatchFacts, BatchState } from '../batch/batch-view.ts';
import { BatchProblem } from '../batch/batch-view.ts';
import { followBatch } from '../batch/follow-batch.ts';
import type { Model } from '../model.ts';
import type { PurePass } from '../pass.ts';
import { inferTypes } from '../shape/infer-types.ts';
import { valuesOf } from '../traverse.ts';
import type { Value } from '../value.ts';
import type { Shape } from '../value-type.ts';

/** Before this IR version an initializer had to be an input as well. */
const irVersionOfConstants = 4;

interface DynamicBatchOptions {
  /** Names the model in errors. */
  readonly path: string;
  /** What the dimension is to be called; a number is added where the model uses the name for something else. */
  readonly name?: string;
}

/**
 * Lets a model that was written for one batch size take any: the first axis of every input that has this length, and
 * the samples' axis of every output, become a symbolic dimension. Samples are followed through the graph: each operator
 * must be known to treat a sample by itself, so that a batch gives what its samples give one by one. Targets of
 * Reshape and Expand that name the batch size are rewritten.
 *
 * Left alone: models whose inputs have a first axis of no fixed length already. The batch size is the first input's;
 * inputs with another first axis (or none) stay as they are and are the same for all samples.
 *
 * `apply` throws ModelError `batch-fixed`, and changes nothing, when a node mixes samples, holds a constant or a state
 * made for one batch size, reads samples in a subgraph, or is not known.
 */
export function makeBatchDynamic({ path, name = 'batch' }: DynamicBatchOptions): PurePass {
  return {
    name: 'make-batch-dynamic',
    apply(model) {
      const facts = factsOf(model);
      if (facts === null) return false;
      try {
        followBatch(model.graph, facts);
        checkOutputs(model, facts, path);
      } catch (error) {
        throw error instanceof BatchProblem ? fixedBy(path, error) : error;
      }
      for (const edit of facts.edits) edit();
      if (facts.edits.length > 0) model.setIrVersion(Math.max(model.irVersion, irVersionOfConstants));
      const dimension = freeName(model, name);
      for (const [value, state] of facts.states) if (state.kind === 'samples') declare(value, state.axis, dimension);
      return true;
    },
  };
}

function factsOf(model: Model): BatchFacts | null {
  const inputs = model.graph.inputs.filter((value) => !value.isInitializer);
  const firsts = inputs.flatMap((value) => shapeOf(value)?.slice(0, 1) ?? []);
  const [batchSize] = firsts;
  if (typeof batchSize !== 'number' || firsts.some((first) => typeof first !== 'number' || first < 0)) return null;
  const samples = inputs.filter((value) => shapeOf(value)?.[0] === batchSize);
  const states = new Map<Value, BatchState>(samples.map((value) => [value, { kind: 'samples', axis: 0 }]));
  return { batchSize, opset: model.opset, types: inferTypes(model), states, edits: [] };
}

function shapeOf({ declaredType }: Value): Shape {
  return declaredType?.kind === 'tensor' ? declaredType.shape : null;
}

function checkOutputs({ graph }: Model, { states }: BatchFacts, path: string): void {
  const size = graph.outputs.find((value) => states.get(value)?.kind === 'sizes');
  if (size === undefined) return;
  const problem = `output '${size.name}' is a shape that holds the batch size`;
  throw new ModelError('batch-fixed', { path, operator: '', node: '', problem });
}

function fixedBy(path: string, { node, message }: BatchProblem): ModelError {
  const label = node.name === '' ? (node.output(0)?.name ?? '') : node.name;
  return new ModelError('batch-fixed', { path, operator: node.op, node: label, problem: message });
}

/** A symbol that no declaration uses: two dimensions of one name would have to be equal. */
function freeName({ graph }: Model, name: string): string {
  const taken = new Set([...valuesOf(graph)].flatMap((value) => shapeOf(value) ?? []));
  let free = name;
  for (let suffix = 1; taken.has(free); suffix++) free = `${name}_${suffix}`;
  return free;
}

function declare(value: Value, axis: number, dimension: string): void {
  const type = value.declaredType;
  if (type?.kind !== 'tensor' || type.shape === null) return;
  value.setType({ ...type, shape: type.shape.map((dim, index) => (index === axis ? dimension : dim)) });
}
