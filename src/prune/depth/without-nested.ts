import type { Node } from '../../onnx/node.ts';
import type { DataFlow } from './data-flow.ts';
import { blockOf } from './block-span.ts';
import type { Residual } from './find-residuals.ts';

interface Sized {
  readonly residual: Residual;
  readonly nodes: ReadonlySet<Node>;
  readonly isFree: boolean;
}

/**
 * Residuals none of which lies in another. Around several a skip is no block of its own (EDSR has one over all its
 * blocks); around a single one the outer is the block, and the inner a part of it, as in parallel attention where the
 * first of two sums cannot go alone.
 */
export function withoutNested(residuals: readonly Residual[], flow: DataFlow): readonly Residual[] {
  let kept: readonly Sized[] = [];
  for (const one of residuals
    .map((residual) => sized(residual, flow))
    .toSorted((a, b) => a.nodes.size - b.nodes.size)) {
    const inner = kept.filter((other) => isInside(other, one));
    if (isBlock(one, inner)) kept = [...kept.filter((other) => !inner.includes(other)), one];
  }
  const chosen = new Set(kept.map(({ residual }) => residual));
  return residuals.filter((residual) => chosen.has(residual));
}

function sized(residual: Residual, flow: DataFlow): Sized {
  return { residual, nodes: new Set(residual.body), isFree: blockOf([residual], flow).lock === null };
}

function isInside({ residual }: Sized, { nodes }: Sized): boolean {
  return residual.body.every((node) => nodes.has(node));
}

/** Whether an outer residual takes the place of those inside. */
function isBlock({ isFree }: Sized, inner: readonly Sized[]): boolean {
  const free = inner.filter((other) => other.isFree).length;
  if (isFree) return free < 2;
  return free === 0 && inner.length < 2;
}
