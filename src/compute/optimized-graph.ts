import { ModelError } from '../errors.ts';
import { openModel } from '../onnx/file/open-model.ts';
import type { RunnableFile } from '../onnx/file/runnable-file.ts';
import type { Graph } from '../onnx/graph.ts';
import { Model } from '../onnx/model.ts';
import type { LoadOptions, ModelSource } from '../runtime/model-runner.ts';
import type { OptimizationLevel } from '../runtime/runtime.ts';
import type { EditedModels } from './load-edited.ts';
import { loadEdited } from './load-edited.ts';

/** A node as the runtime runs it. Inputs and outputs are names of values, '' where one is left out. */
export interface OptimizedNode {
  /** '' for nodes that have none. */
  readonly name: string;
  readonly op: string;
  readonly domain: string;
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
  /** Graphs in its attributes: the branches of an If, the body of a Loop. */
  readonly bodies: readonly OptimizedGraph[];
}

/** A graph of a model after the runtime's own rewrites, in an order in which it can run. */
export interface OptimizedGraph {
  readonly nodes: readonly OptimizedNode[];
  /** Names of its initializers, computed ones too. */
  readonly constants: readonly string[];
}

export interface OptimizedGraphOptions extends EditedModels {
  /** A place for the runtime to write to: `scratchFile`. */
  readonly scratch: () => RunnableFile;
  /**
   * `extended` unless given. From `layout` on, what a graph looks like depends on the processor: nodes of
   * `com.microsoft.nchwc`, transposed convolutions, values of other names.
   */
  readonly level?: OptimizationLevel;
  readonly config?: Readonly<Record<string, string>>;
}

/**
 * What the runtime makes of a model at an optimization level, read from the model that it writes. Loads the whole
 * model. Throws as `load` and `write` do.
 */
export async function optimizedGraph(
  source: Model | ModelSource,
  options: OptimizedGraphOptions,
): Promise<OptimizedGraph> {
  try {
    return await graphWritten(source, options, constantsBeside);
  } catch (error) {
    // onnxruntime 1.30 then writes constants of bodies twice, which no reader takes.
    if (!(error instanceof ModelError) || error.code !== 'model-invalid') throw error;
    return graphWritten(source, options, {});
  }
}

async function graphWritten(
  source: Model | ModelSource,
  { scratch, level = 'extended', config = {}, ...models }: OptimizedGraphOptions,
  constants: Readonly<Record<string, string>>,
): Promise<OptimizedGraph> {
  const file = scratch();
  try {
    await loadOnce(source, models, {
      optimization: level,
      optimizedPath: file.path,
      config: { ...constants, ...config },
    });
    return readGraph(file.path);
  } finally {
    file.dispose();
  }
}

/** Beyond 2 GiB onnxruntime can write a model only so. The file lands in the model's folder. */
const constantsBeside = {
  'session.optimized_model_external_initializers_file_name': 'constants.bin',
  'session.optimized_model_external_initializers_min_size_in_bytes': '1024',
} as const;

async function loadOnce(source: Model | ModelSource, models: EditedModels, options: LoadOptions): Promise<void> {
  const loaded =
    source instanceof Model
      ? await loadEdited(source, models, options)
      : await models.runner.load(source, { name: models.name, ...options });
  await loaded.release();
}

function readGraph(path: string): OptimizedGraph {
  const opened = openModel(path);
  try {
    return describeGraph(opened.model.graph);
  } finally {
    opened.close();
  }
}

function describeGraph(graph: Graph): OptimizedGraph {
  const nodes = [...graph.nodes()].map(({ name, op, domain, inputs, outputs, subgraphs }) => ({
    name,
    op,
    domain,
    inputs: inputs.map((value) => value?.name ?? ''),
    outputs: outputs.map((value) => value?.name ?? ''),
    bodies: subgraphs.map(describeGraph),
  }));
  return { nodes, constants: [...graph.initializers].map(({ name }) => name) };
}
