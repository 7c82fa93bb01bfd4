import { LockSets } from './lock-sets.ts';
import type { Lock } from './prune-group.ts';

/** What is known of a class beside its locks, one bit each: `channels` are made by a convolution, `pixels` read by one. */
export const marks = { heads: 1, width: 2, channels: 4, pixels: 8 } as const;

/**
 * Union-find over indices of axes (Tarjan, "Efficiency of a good but not linear set union algorithm", 1975, with halving
 * of paths). A class is what has to stay or go together; a lock on one index is a lock on all of them.
 */
export class IndexClasses {
  #parents = new Int32Array(1024);
  /** Of roots: number of a set of locks. */
  #locks = new Int32Array(1024);
  /** Of roots: bits of {@link marks}. */
  #marks = new Uint8Array(1024);
  #count = 0;
  readonly #lockSets = new LockSets();

  get count(): number {
    return this.#count;
  }

  /** Adds indices, each a class of its own, and returns the first. */
  add(count: number): number {
    const first = this.#count;
    this.#count += count;
    if (this.#count > this.#parents.length) this.#grow();
    for (let element = first; element < this.#count; element++) this.#parents[element] = element;
    return first;
  }

  /** The index that stands for the class. */
  find(element: number): number {
    const parents = this.#parents;
    let at = element;
    for (let up = parents[at] ?? at; up !== at; up = parents[at] ?? at) {
      const further = parents[up] ?? up;
      parents[at] = further;
      at = further;
    }
    return at;
  }

  unite(first: number, second: number): void {
    const [a, b] = [this.find(first), this.find(second)];
    if (a === b) return;
    // The older one stays the root: chains of layers grow by newer ones.
    const [root, child] = a < b ? [a, b] : [b, a];
    this.#parents[child] = root;
    this.#locks[root] = this.#lockSets.join(this.#locks[root] ?? 0, this.#locks[child] ?? 0);
    this.#marks[root] = (this.#marks[root] ?? 0) | (this.#marks[child] ?? 0);
  }

  /** The number of the set of this lock alone, for {@link addLocks}. */
  lockSet(lock: Lock): number {
    return this.#lockSets.idOf([lock]);
  }

  /** Locks a class with a set of locks, beside those that it has. */
  addLocks(element: number, set: number): void {
    const root = this.find(element);
    this.#locks[root] = this.#lockSets.join(this.#locks[root] ?? 0, set);
  }

  isLocked(element: number): boolean {
    return this.lockSetOf(element) !== 0;
  }

  /** Equal numbers are equal sets of locks. */
  lockSetOf(element: number): number {
    return this.#locks[this.find(element)] ?? 0;
  }

  locksOf(element: number): readonly Lock[] {
    return this.#lockSets.of(this.lockSetOf(element));
  }

  mark(element: number, mark: number): void {
    const root = this.find(element);
    this.#marks[root] = (this.#marks[root] ?? 0) | mark;
  }

  hasMark(element: number, mark: number): boolean {
    return ((this.#marks[this.find(element)] ?? 0) & mark) !== 0;
  }

  #grow(): void {
    const size = Math.max(this.#count, 2 * this.#parents.length);
    const [parents, locks, marked] = [new Int32Array(size), new Int32Array(size), new Uint8Array(size)];
    parents.set(this.#parents);
    locks.set(this.#locks);
    marked.set(this.#marks);
    [this.#parents, this.#locks, this.#marks] = [parents, locks, marked];
  }
}
