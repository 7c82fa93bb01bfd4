import type { Model } from '../onnx/model.ts';
import type { Node } from '../onnx/node.ts';
import { integerLimits, tableDims } from './integer-limits.ts';
import { languageRoles } from './language-roles.ts';

/** Keys of metadata, as configurations of language models name it. */
const metadataKeys = /(^|\.)(max_position_embeddings|n_positions|n_ctx|max_seq_len|context_length)$/i;

/** Names that exporters leave on tables of learned positions: `wpe`, `embed_positions`, `position_embeddings`. */
const positionTables = /(^|[._/])(wpe|embed_positions|(position|pos)_embeddings?|position_embed\w*)([._/]|$)/i;

/**
 * Tokens of a text that a language model has positions for: the least of what its tables of positions hold and its
 * metadata says. Null where nothing tells.
 */
export function contextLimit(model: Model): number | null {
  const found = [...ofPositions(model), ...ofTables(model), ...ofMetadata(model)].filter((limit) => limit > 0);
  return found.length === 0 ? null : Math.min(...found);
}

/** Positions that are fed look their rows up in tables. */
function ofPositions(model: Model): readonly number[] {
  const limits = integerLimits(model);
  const inputs = model.graph.inputs.flatMap(({ name, type }) =>
    type?.kind === 'tensor' && type.elementType !== null
      ? [{ name, type: type.elementType, shape: (type.shape ?? []).map((axis) => axis ?? '') }]
      : [],
  );
  const roles = languageRoles(inputs);
  return Object.entries(limits).flatMap(([name, limit]) => (roles.get(name) === 'positions' ? [limit] : []));
}

function ofTables(model: Model): readonly number[] {
  return [...model.graph.nodes()].flatMap((node) => rowsOf(node) ?? []);
}

/** Rows of a node's table of positions; null where it has none. */
function rowsOf(node: Node): number | null {
  // https://github.com/microsoft/onnxruntime/blob/main/docs/ContribOperators.md: cos_cache
  if (node.op === 'GroupQueryAttention') return tableDims(node.input(7))?.[0] ?? null;
  const table = node.is('Gather') ? node.input(0) : null;
  if (table === null || !positionTables.test(table.name)) return null;
  return node.int('axis', 0) === 0 ? (tableDims(table)?.[0] ?? null) : null;
}

function ofMetadata(model: Model): readonly number[] {
  return model.metadata.flatMap(({ key, value }) => (metadataKeys.test(key) ? [Math.trunc(Number(value)) || 0] : []));
}
