import type { PurePass } from '../pass.ts';
import { allGraphs } from '../traverse.ts';

/**
 * Removes initializers, dense and sparse, that neither a node nor an output needs, in every graph.
 *
 * Left alone: initializers that are graph inputs too, since removing one would change what callers see.
 */
export const removeUnusedInitializers: PurePass = {
  name: 'remove-unused-initializers',
  apply(model) {
    let changed = false;
    for (const graph of allGraphs(model)) {
      for (const value of graph.initializers) {
        if (value.isInput || !value.isUnused) continue;
        graph.removeInitializer(value);
        changed = true;
      }
    }
    return changed;
  },
};
