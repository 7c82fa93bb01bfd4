import type { Einsum } from '../onnx/shape/einsum.ts';
import type { Dimension } from '../onnx/value-type.ts';

/**
 * Multiply-adds of an Einsum taken two operands at a time from the left, as onnxruntime does: each contraction costs
 * the product of all its labels. A product without a sum is elementwise and not counted; one operand is none.
 */
export function einsumMacs({ operands, output, lengths }: Einsum): number | null {
  let [left = []] = operands;
  let macs = 0;
  for (const [index, right] of operands.entries()) {
    if (index === 0) continue;
    const later = new Set([...operands.slice(index + 1).flat(), ...output]);
    const labels = [...new Set([...left, ...right])];
    const kept = labels.filter((label) => later.has(label));
    if (kept.length < labels.length) {
      const cost = labels.reduce((product, label) => product * numberOf(lengths.get(label)), 1);
      macs += cost;
    }
    left = kept;
  }
  return Number.isSafeInteger(macs) ? macs : null;
}

function numberOf(length: Dimension | undefined): number {
  return typeof length === 'number' ? length : NaN;
}
