/**
 * When each replica's next event is due, the earliest on top: a binary heap of replicas whose times are changed in
 * place. A replica with nothing ahead is due at infinity. Times that are equal go by the replica's number.
 */
export class EventHeap {
  readonly #times: Float64Array;
  readonly #heap: Int32Array;
  readonly #place: Int32Array;

  constructor(replicas: number) {
    this.#times = new Float64Array(replicas).fill(Number.POSITIVE_INFINITY);
    this.#heap = Int32Array.from({ length: replicas }, (_, i) => i);
    this.#place = Int32Array.from({ length: replicas }, (_, i) => i);
  }

  /** The replica whose event comes next. */
  get first(): number {
    return this.#heap[0] ?? 0;
  }

  get firstTime(): number {
    return this.#times[this.first] ?? Number.POSITIVE_INFINITY;
  }

  schedule(replica: number, time: number): void {
    const before = this.#times[replica] ?? 0;
    this.#times[replica] = time;
    const place = this.#place[replica] ?? 0;
    if (time < before) this.#rise(place, replica);
    else this.#sink(place, replica);
  }

  #isEarlier(one: number, other: number): boolean {
    const first = this.#times[one] ?? 0;
    const second = this.#times[other] ?? 0;
    return first < second || (first === second && one < other);
  }

  #put(place: number, replica: number): void {
    this.#heap[place] = replica;
    this.#place[replica] = place;
  }

  #rise(from: number, replica: number): void {
    let place = from;
    while (place > 0) {
      const above = (place - 1) >> 1;
      const parent = this.#heap[above] ?? 0;
      if (!this.#isEarlier(replica, parent)) break;
      this.#put(place, parent);
      place = above;
    }
    this.#put(place, replica);
  }

  #sink(from: number, replica: number): void {
    const { length } = this.#heap;
    let place = from;
    for (let below = 2 * place + 1; below < length; below = 2 * place + 1) {
      const left = this.#heap[below] ?? 0;
      const right = this.#heap[below + 1] ?? left;
      const takesRight = below + 1 < length && this.#isEarlier(right, left);
      const child = takesRight ? right : left;
      if (!this.#isEarlier(child, replica)) break;
      this.#put(place, child);
      place = takesRight ? below + 1 : below;
    }
    this.#put(place, replica);
  }
}
