import type { Use } from './value.ts';

/** The readers of a value. Nearly all values have one: a Set for each would be a third of a large graph's memory. */
export class UseSet {
  #one: Use | null = null;
  #more: Set<Use> | null = null;

  get size(): number {
    return this.#more?.size ?? (this.#one === null ? 0 : 1);
  }

  has(use: Use): boolean {
    return this.#more?.has(use) ?? this.#one === use;
  }

  add(use: Use): void {
    if (this.#more !== null) this.#more.add(use);
    else if (this.#one === null || this.#one === use) this.#one = use;
    else {
      this.#more = new Set([this.#one, use]);
      this.#one = null;
    }
  }

  delete(use: Use): void {
    if (this.#more !== null) this.#more.delete(use);
    else if (this.#one === use) this.#one = null;
  }

  [Symbol.iterator](): IterableIterator<Use> {
    return (this.#more ?? (this.#one === null ? [] : [this.#one])).values();
  }
}
