import type { Node } from '../../onnx/node.ts';
import { nodeKey } from '../rewrite/node-key.ts';

/** Nodes that a user wants left alone. */
export interface Exclusion {
  has(node: Node): boolean;
  /** Patterns that no node asked about so far fits. */
  unused(): readonly string[];
}

/**
 * Patterns of node names, operators or outputs; `*` stands for any number of characters. A pattern counts as used once
 * a node fits it.
 */
export function exclusionOf(patterns: readonly string[]): Exclusion {
  const rules = patterns.map((pattern) => ({ pattern, expression: expressionOf(pattern) }));
  const used = new Set<string>();
  return {
    has: (node) => {
      const names = [node.name, node.op, nodeKey(node)];
      const fitting = rules.filter(({ expression }) => names.some((name) => name !== '' && expression.test(name)));
      for (const { pattern } of fitting) used.add(pattern);
      return fitting.length > 0;
    },
    unused: () => patterns.filter((pattern) => !used.has(pattern)),
  };
}

function expressionOf(pattern: string): RegExp {
  const parts = pattern.split('*').map((part) => part.replaceAll(/[.+?^${}()|[\]\\]/g, String.raw`\$&`));
  return new RegExp(`^${parts.join('.*')}$`);
}
