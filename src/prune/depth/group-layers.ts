import type { BlockSpan } from './block-span.ts';
import type { Residual } from './find-residuals.ts';
import { isTelling } from './operator-roles.ts';

/** Residuals of the longest layer known: a Conformer's (Gulati and others, 2020), of two networks, attention and a convolution. */
const mostInLayer = 4;

/**
 * Joins residuals into layers where a row of them repeats: attention and a feed-forward network, or attention to
 * itself, attention to an encoder and a network. All others stay as they are; equal ones in a row, such as a ResNet's,
 * are blocks by themselves.
 * @param residuals in order, none inside another
 */
export function groupLayers(residuals: readonly Residual[]): readonly BlockSpan[] {
  return chainsOf(residuals).flatMap((chain) => layersOf(chain));
}

/** Rows in which each residual goes on with what the one before it made. */
function chainsOf(residuals: readonly Residual[]): readonly BlockSpan[] {
  const chains: [Residual, ...Residual[]][] = [];
  const open = new Map<string, [Residual, ...Residual[]]>();
  for (const residual of residuals) {
    const chain = residual.keepsShape ? open.get(residual.input.name) : undefined;
    const own: [Residual, ...Residual[]] = chain ?? [residual];
    if (chain === undefined) chains.push(own);
    else chain.push(residual);
    open.delete(residual.input.name);
    if (residual.keepsShape) for (const name of endsOf(residual)) open.set(name, own);
  }
  return chains;
}

function endsOf({ sum, tail }: Residual): readonly string[] {
  return [sum, ...tail.map((node) => node.output(0))].flatMap((value) => value?.name ?? []);
}

function layersOf(chain: BlockSpan): readonly BlockSpan[] {
  const kinds = chain.map((residual) => kindOf(residual));
  const layers: BlockSpan[] = [];
  for (let from = 0; from < chain.length;) {
    const length = layerLengthAt(from, kinds);
    const [first, ...others] = chain.slice(from, from + length);
    if (first !== undefined) layers.push([first, ...others]);
    from += length;
  }
  return layers;
}

/** Of the shortest row of unequal residuals that comes twice at least from here on, or continues a layer before; else 1. */
function layerLengthAt(from: number, kinds: readonly string[]): number {
  for (let length = 2; length <= mostInLayer; length++) {
    const row = kinds.slice(from, from + length);
    if (row.length < length || new Set(row).size === 1) continue;
    const equals = (start: number) => start >= 0 && row.every((kind, index) => kinds[start + index] === kind);
    if (equals(from + length) || equals(from - length)) return length;
  }
  return 1;
}

/** How many layers of which operators it has: halves of a layer differ in that, and layers do not. */
function kindOf({ body }: Residual): string {
  return body
    .filter((node) => isTelling(node))
    .map(({ op }) => op)
    .toSorted()
    .join(' ');
}
