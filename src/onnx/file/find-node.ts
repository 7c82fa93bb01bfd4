import type { Node } from '../node.ts';
import { allGraphs } from '../traverse.ts';
import { openModel } from './open-model.ts';

/**
 * The first node that uses an operator, by its name or, where it has none, by what it computes (`-> y`); null when
 * the file cannot be read, or holds none. Subgraphs and functions are searched too.
 */
export function findNode(path: string, operator: string, domain: string): string | null {
  try {
    const { model, close } = openModel(path);
    close();
    const isMeant = (node: Node) => node.op === operator && sameDomain(node.domain, domain);
    for (const graph of allGraphs(model)) {
      for (const node of graph.nodes()) if (isMeant(node)) return labelOf(node);
    }
    return null;
  } catch {
    return null;
  }
}

function labelOf(node: Node): string {
  return node.name === '' ? `-> ${node.output(0)?.name ?? ''}` : node.name;
}

/** The standard domain has two names. */
function sameDomain(a: string, b: string): boolean {
  return (a === '' ? 'ai.onnx' : a) === (b === '' ? 'ai.onnx' : b);
}
