/** Sets of things that belong together. */
export class UnionFind<Item> {
  readonly #parents = new Map<Item, Item>();

  /** The one that speaks for all that were joined with it. */
  find(item: Item): Item {
    let root = item;
    for (let next = this.#parents.get(root); next !== undefined; next = this.#parents.get(root)) root = next;
    for (let at = item; at !== root;) {
      const next = this.#parents.get(at) ?? root;
      this.#parents.set(at, root);
      at = next;
    }
    return root;
  }

  /** Joins two sets; the first one's speaker speaks for both. */
  join(first: Item, second: Item): void {
    const [a, b] = [this.find(first), this.find(second)];
    if (a !== b) this.#parents.set(b, a);
  }
}
