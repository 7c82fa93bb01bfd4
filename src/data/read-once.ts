/** Samples that were looked at and not read yet: a batch and the next sample, in every case that matters. */
const mostWaiting = 1024;

/** Loads what is looked at and then taken only once. What nobody takes is forgotten, the oldest first. */
export class ReadOnce<Item> {
  readonly #load: (index: number) => Promise<Item>;
  readonly #waiting = new Map<number, Promise<Item>>();

  constructor(load: (index: number) => Promise<Item>) {
    this.#load = load;
  }

  /** The item, which stays for whoever takes it. */
  peek(index: number): Promise<Item> {
    const known = this.#waiting.get(index);
    if (known) return known;
    const item = this.#load(index);
    this.#waiting.set(index, item);
    const [oldest] = this.#waiting.keys();
    if (this.#waiting.size > mostWaiting && oldest !== undefined) this.#waiting.delete(oldest);
    return item;
  }

  /** The item, which is forgotten then. */
  take(index: number): Promise<Item> {
    const known = this.#waiting.get(index);
    if (!known) return this.#load(index);
    this.#waiting.delete(index);
    return known;
  }
}
