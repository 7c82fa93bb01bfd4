import { isIntegerType } from '../onnx/data-type.ts';
import type { DenseTensor, NamedTensors } from '../onnx/dense-tensor.ts';

/** The input of a language model that holds the tokens: `input_ids` or another name of ids, whole numbers by [batch, tokens]. */
export function tokenInput(feeds: NamedTensors): DenseTensor | null {
  const rows = Object.entries(feeds).filter(([, { type, dims }]) => dims.length === 2 && isIntegerType(type));
  const others = /mask|position|type/i;
  const first = rows.find(([name]) => /ids$|tokens?$/i.test(name) && !others.test(name));
  const [only, ...more] = rows.filter(([name]) => !others.test(name));
  return first?.[1] ?? (more.length === 0 ? (only?.[1] ?? null) : null);
}
