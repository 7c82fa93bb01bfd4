import type { Environment } from '../../runtime/environment.ts';
import type { Catalog, Processor } from './catalog.ts';
import { holdsWord } from './holds-word.ts';

/** What a machine tells of its processor. */
export type SeenProcessor = Pick<Environment['cpu'], 'model' | 'logicalCores' | 'physicalCores'>;

/**
 * The catalog's processor that a machine has, by its model's name; null where none or several fit. One silicon is
 * listed twice where one cloud rents cores and another threads: how many threads a core shows decides then.
 */
export function matchProcessor(cpu: SeenProcessor, { processors }: Pick<Catalog, 'processors'>): Processor | null {
  const fitting = processors.filter(({ modelPatterns }) => modelPatterns.some((word) => holdsWord(cpu.model, word)));
  const decided =
    fitting.length > 1 ? fitting.filter(({ vcpusPerCore }) => vcpusPerCore === threadsPerCore(cpu)) : fitting;
  const [only, ...others] = decided;
  return only !== undefined && others.length === 0 ? only : null;
}

function threadsPerCore({ logicalCores, physicalCores }: SeenProcessor): number | null {
  return physicalCores === null ? null : Math.round(logicalCores / physicalCores);
}
