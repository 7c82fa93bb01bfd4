/** What typed arrays of numbers have in common. */
interface Elements {
  [index: number]: number;
  readonly length: number;
  set(source: ArrayLike<number>, offset?: number): void;
  subarray(from: number, to: number): this;
}

/** A typed array that grows at its end: a number a sample for any number of samples. */
export class GrowingArray<T extends Elements> {
  readonly #make: (length: number) => T;
  #data: T;
  #size = 0;

  constructor(make: (length: number) => T) {
    this.#make = make;
    this.#data = make(1024);
  }

  get size(): number {
    return this.#size;
  }

  push(value: number): void {
    if (this.#size === this.#data.length) this.#grow();
    this.#data[this.#size++] = value;
  }

  /** What was pushed so far; later pushes may or may not show in it. */
  view(): T {
    return this.#data.subarray(0, this.#size);
  }

  #grow(): void {
    const larger = this.#make(2 * this.#data.length);
    larger.set(this.#data);
    this.#data = larger;
  }
}

export function growingBytes(): GrowingArray<Uint8Array> {
  return new GrowingArray<Uint8Array>((length) => new Uint8Array(length));
}

export function growingIntegers(): GrowingArray<Int32Array> {
  return new GrowingArray<Int32Array>((length) => new Int32Array(length));
}

export function growingNumbers(): GrowingArray<Float64Array> {
  return new GrowingArray<Float64Array>((length) => new Float64Array(length));
}
