import type { Model } from '../../onnx/model.ts';
import { allGraphs } from '../../onnx/traverse.ts';
import type { QuantizeResult } from '../../quantize/quantize-result.ts';
import type { Outcome } from './outcome.ts';

/** Where the bytes were and are: constants by type, and the rest of the file. */
export function sizeLedger(
  prepared: Model,
  { model, sizeBytes }: Pick<Outcome, 'model' | 'sizeBytes'>,
  beforeBytes: number,
): { readonly ledger: QuantizeResult['sizes']; readonly afterBytes: number } {
  const before = constantBytes(prepared);
  const after = constantBytes(model);
  const totalBefore = sumOf(before);
  const totalAfter = sumOf(after);
  const graphBefore = Math.max(0, beforeBytes - totalBefore);
  const afterBytes = sizeBytes ?? totalAfter + graphBefore;
  const kinds = [...new Set([...before.keys(), ...after.keys()])].toSorted();
  const ledger = kinds.map((kind) => ({
    kind: `constants in ${kind}`,
    beforeBytes: before.get(kind) ?? 0,
    afterBytes: after.get(kind) ?? 0,
  }));
  const rest = { kind: 'graph', beforeBytes: graphBefore, afterBytes: Math.max(0, afterBytes - totalAfter) };
  return { ledger: [...ledger, rest], afterBytes };
}

function constantBytes(model: Model): ReadonlyMap<string, number> {
  const bytes = new Map<string, number>();
  for (const graph of allGraphs(model))
    for (const { tensor } of graph.initializers)
      if (tensor !== null) bytes.set(tensor.type, (bytes.get(tensor.type) ?? 0) + tensor.byteLength);
  return bytes;
}

function sumOf(bytes: ReadonlyMap<string, number>): number {
  return [...bytes.values()].reduce((sum, size) => sum + size, 0);
}
