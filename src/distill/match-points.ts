import { UsageError } from '../errors.ts';
import type { Model } from '../onnx/model.ts';
import { valuesOf } from '../onnx/traverse.ts';
import type { MatchRequest } from './distill-settings.ts';
import type { TrainingEnd } from './training-end.ts';

/** Values of both models that are to become alike, by name. */
export type MatchPoint = MatchRequest;

/** Finds what `--match` names: a value, or a node, which stands for its first output. Throws UsageError. */
export function findMatches(
  requests: readonly MatchRequest[],
  { student, teacher }: { readonly student: TrainingEnd; readonly teacher: TrainingEnd },
): readonly MatchPoint[] {
  return requests.map((request) => ({
    student: valueNamed(student, request.student),
    teacher: valueNamed(teacher, request.teacher),
  }));
}

function valueNamed({ model, path }: TrainingEnd, name: string): string {
  const values = new Set([...valuesOf(model.graph)].map((value) => value.name));
  if (values.has(name)) return name;
  const nodes = namedNodes(model);
  const output = nodes.get(name);
  if (output !== undefined) return output;
  throw new UsageError('unknown-name', { what: `--match in ${path}`, value: name, known: [...nodes.keys()] });
}

/** First outputs by the names of nodes. */
function namedNodes({ graph }: Model): ReadonlyMap<string, string> {
  const outputs = new Map<string, string>();
  for (const node of graph.nodes()) {
    const output = node.output(0);
    if (node.name !== '' && output !== null) outputs.set(node.name, output.name);
  }
  return outputs;
}
