import { copyModel } from '../../compute/copy-model.ts';
import type { OptimizedGraph } from '../../compute/optimized-graph.ts';
import { optimizedGraph } from '../../compute/optimized-graph.ts';
import { constantNodes } from '../../compute/owners/constant-nodes.ts';
import { markNodes, placedNodesOf } from '../../compute/owners/mark-nodes.ts';
import { InferError } from '../../errors.ts';
import { CostCounter } from '../../inspect/model-cost.ts';
import { bytesOf } from '../../inspect/traffic.ts';
import { openModel } from '../../onnx/file/open-model.ts';
import { scratchFile } from '../../onnx/file/scratch-file.ts';
import type { Model } from '../../onnx/model.ts';
import type { Node } from '../../onnx/node.ts';
import { inferScope } from '../../onnx/shape/infer-types.ts';
import type { FileGraph, NodeCost } from '../../profile/profile-options.ts';
import type { ProviderName } from '../../runtime/provider.ts';
import { thisWorkplace } from '../../runtime/workplace.ts';
import { writeCandidate } from '../trials/candidate-file.ts';
import type { SubjectMaking } from './read-subject.ts';

export interface OpenedGraph {
  readonly file: FileGraph;
  /** Of a run; null where they cannot all be told. */
  readonly macs: number | null;
  /** Where the marked copy is. */
  readonly markedPath: string;
  dispose(): void;
}

export interface GraphRequest {
  readonly path: string;
  /** Every symbolic length of the inputs, as it is fed. */
  readonly dims: Readonly<Record<string, number>>;
  readonly threads: number;
  readonly provider: ProviderName;
}

/** Reads a model, writes its marked copy and asks the runtime what it makes of it. Throws ModelError and UsageError. */
export async function openGraph(graph: GraphRequest, making: SubjectMaking): Promise<OpenedGraph> {
  const opened = openModel(graph.path);
  try {
    const original = opened.model;
    const marked = copyModel(original);
    markNodes(marked);
    const candidate = await writeCandidate(marked, making.context.signal);
    const dispose = () => {
      candidate.dispose();
      opened.close();
    };
    try {
      const optimized = await readOptimized(candidate.path, graph, making);
      const { macs, costOf } = costsOf(original, graph.dims);
      return { file: { original, marked, optimized, costOf }, macs, markedPath: candidate.path, dispose };
    } catch (error) {
      candidate.dispose();
      throw error;
    }
  } catch (error) {
    opened.close();
    throw error;
  }
}

/** Null where the runtime cannot write what it made: graphs with nodes that only its provider knows. */
async function readOptimized(
  markedPath: string,
  { path, threads, provider }: GraphRequest,
  { request, context }: SubjectMaking,
): Promise<OptimizedGraph | null> {
  const { runtime, signal, onEvent } = context;
  onEvent({ kind: 'optimizing', model: path });
  const { timeoutMs, optimization, strictProvider } = request;
  const strict = strictProvider && provider !== 'cpu';
  const runner = await runtime.openRunner({ threads, provider, strictProvider: strict, timeoutMs }, signal);
  try {
    return await optimizedGraph(
      { path: markedPath },
      {
        runner,
        name: path,
        write: () => Promise.reject(new Error('the model is in a file')),
        scratch: () => scratchFile(thisWorkplace(), 'optimized.onnx'),
        level: optimization,
      },
    );
  } catch (error) {
    if (signal.aborted || !(error instanceof InferError)) throw error;
    return null;
  } finally {
    await runner.close();
  }
}

const unknownTensor = { elementType: null, shape: null, content: null };

/** By the rules of `infer inspect`. */
function costsOf(model: Model, dims: Readonly<Record<string, number>>) {
  const scope = inferScope(model, { dims });
  const counter = new CostCounter();
  const total = counter.graph(model.graph, scope);
  const isKnown = Object.values(total.unknownMacs).every((nodes) => nodes === 0);
  const constant = constantNodes(placedNodesOf(model));
  const constantBytesOf = (node: Node) =>
    [...new Set(node.inputs)]
      .filter((value) => value !== null && (value.tensor !== null || (value.producer && constant.has(value.producer))))
      .reduce((sum, value) => sum + ((value && bytesOf(scope.types.get(value) ?? unknownTensor)) ?? 0), 0);
  const costOf = (node: Node): NodeCost => {
    // What runs others is those, and they are counted where they stand.
    if (node.subgraphs.length > 0) return { macs: 0, bytes: null, constantBytes: 0 };
    const { macs, unknownMacs, bytes, unknownBytes } = counter.node(node, scope);
    const known = Object.values(unknownMacs).every((nodes) => nodes === 0);
    return {
      macs: known ? macs : null,
      bytes: unknownBytes === 0 ? bytes : null,
      constantBytes: constantBytesOf(node),
    };
  };
  return { macs: isKnown ? total.macs : null, costOf };
}
