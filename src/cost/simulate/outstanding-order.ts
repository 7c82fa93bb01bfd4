/**
 * Replicas in the order of their outstanding requests, kept so in constant time for each request that comes or goes:
 * those with equally many lie side by side, and one that changes its count swaps places with the one at the border.
 */
export class OutstandingOrder {
  readonly counts: Int32Array;
  readonly #order: Int32Array;
  readonly #place: Int32Array;
  /** Where replicas with so many requests or more begin. */
  #from: Int32Array = new Int32Array(64);

  constructor(replicas: number) {
    this.counts = new Int32Array(replicas);
    this.#order = Int32Array.from({ length: replicas }, (_, i) => i);
    this.#place = Int32Array.from({ length: replicas }, (_, i) => i);
    this.#from.fill(replicas, 1);
  }

  /** How many replicas share the smallest count: the first so many of the order. */
  get leastLoaded(): number {
    return this.#from[(this.counts[this.at(0)] ?? 0) + 1] ?? 0;
  }

  at(place: number): number {
    return this.#order[place] ?? 0;
  }

  add(replica: number): void {
    const count = this.counts[replica] ?? 0;
    if (count + 2 >= this.#from.length) this.#grow();
    const last = (this.#from[count + 1] ?? 0) - 1;
    this.#swap(this.#place[replica] ?? 0, last);
    this.#from[count + 1] = last;
    this.counts[replica] = count + 1;
  }

  remove(replica: number, requests: number): void {
    for (let i = 0; i < requests; i++) {
      const count = this.counts[replica] ?? 0;
      const first = this.#from[count] ?? 0;
      this.#swap(this.#place[replica] ?? 0, first);
      this.#from[count] = first + 1;
      this.counts[replica] = count - 1;
    }
  }

  #swap(one: number, other: number): void {
    const first = this.at(one);
    const second = this.at(other);
    this.#order[one] = second;
    this.#order[other] = first;
    this.#place[first] = other;
    this.#place[second] = one;
  }

  #grow(): void {
    const longer = new Int32Array(this.#from.length * 2).fill(this.counts.length);
    longer.set(this.#from);
    this.#from = longer;
  }
}
