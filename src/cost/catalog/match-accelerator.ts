import type { Accelerator, Catalog } from './catalog.ts';
import { holdsWord } from './holds-word.ts';

/**
 * The catalog's accelerator that a driver calls so (`NVIDIA A100-SXM4-80GB`), or null. The longest name that fits
 * wins: an A100 in two forms holds the name of the shorter one too.
 */
export function matchAccelerator(name: string, { accelerators }: Pick<Catalog, 'accelerators'>): Accelerator | null {
  let best: { readonly accelerator: Accelerator; readonly length: number } | null = null;
  for (const accelerator of accelerators)
    for (const { length } of accelerator.modelPatterns.filter((word) => holdsWord(name, word)))
      if (best === null || length > best.length) best = { accelerator, length };
  return best?.accelerator ?? null;
}
