import type { KeptWidths } from './removal-of.ts';

/** A group's part of a node's dimension: several where it is a concatenation. What no group covers stays. */
export interface DimensionShare {
  readonly group: number;
  /** Of the dimension, above 0 and up to 1. */
  readonly share: number;
}

/** What a node costs (multiplications, milliseconds) and the dimensions that it is a product of. */
export interface NodeCost {
  readonly node: string;
  readonly cost: number;
  /** Inputs, outputs, as far as groups cover them. A dimension with no group may be missing. */
  readonly dimensions: readonly (readonly DimensionShare[])[];
}

/** Cost of a model by the widths of its groups: of each node its own, times what is left of each of its dimensions. */
export class CostModel {
  readonly #nodes: readonly NodeCost[];
  readonly #units: KeptWidths;
  readonly #byGroup = new Map<number, NodeCost[]>();

  /** `units` has the width of each group before. Throws RangeError for a group that it does not name. */
  constructor(nodes: readonly NodeCost[], units: KeptWidths) {
    this.#nodes = nodes;
    this.#units = units;
    for (const node of nodes) {
      for (const group of new Set(node.dimensions.flat().map((part) => part.group))) {
        if (!units.has(group)) throw new RangeError(`${node.node} has a group ${group} of unknown width`);
        const readers = this.#byGroup.get(group);
        if (readers === undefined) this.#byGroup.set(group, [node]);
        else readers.push(node);
      }
    }
  }

  /** Of the whole model. */
  total(kept: KeptWidths): number {
    return sumOf(this.#nodes, (node) => this.costOf(node, kept));
  }

  /** Of the nodes that a group's width changes. */
  around(group: number, kept: KeptWidths): number {
    return sumOf(this.#byGroup.get(group) ?? [], (node) => this.costOf(node, kept));
  }

  costOf({ cost, dimensions }: NodeCost, kept: KeptWidths): number {
    return dimensions.reduce(
      (product, parts) => product * (1 - sumOf(parts, (part) => this.#goneOf(part, kept))),
      cost,
    );
  }

  #goneOf({ group, share }: DimensionShare, kept: KeptWidths): number {
    const units = this.#units.get(group) ?? 1;
    return share * (1 - (kept.get(group) ?? units) / units);
  }
}

function sumOf<T>(items: readonly T[], of: (item: T) => number): number {
  return items.reduce((sum, item) => sum + of(item), 0);
}
