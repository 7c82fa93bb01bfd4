/** Every name ever used in a model, so that a new one clashes with none, in no scope. */
export class Names {
  readonly #taken = new Set<string>();
  readonly #repeated = new Set<string>();
  readonly #next = new Map<string, number>();
  readonly #nodes = new Set<string>();
  readonly #nextNode = new Map<string, number>();

  /** Notes a name as used. */
  take(name: string): void {
    if (this.#taken.has(name)) this.#repeated.add(name);
    else this.#taken.add(name);
  }

  /** Whether two values may carry the name, in different scopes or one after the other; false is certain. */
  mayRepeat(name: string): boolean {
    return this.#repeated.has(name);
  }

  /** `base` itself where it is free, else `base_1`, `base_2` …; the name is taken from now on. */
  unique(base: string): string {
    // The empty name says that there is no value.
    this.#taken.add('');
    return free(base, this.#taken, this.#next);
  }

  /** Notes the name of a node. Values and nodes may share one. */
  takeNode(name: string): void {
    this.#nodes.add(name);
  }

  /** A name for one more node: onnxruntime refuses two nodes of one name in a graph. None stays none. */
  uniqueNode(base: string): string {
    return base === '' ? '' : free(base, this.#nodes, this.#nextNode);
  }
}

function free(base: string, taken: Set<string>, next: Map<string, number>): string {
  let name = base;
  for (let suffix = next.get(base) ?? 1; taken.has(name); suffix++) {
    name = `${base}_${suffix}`;
    next.set(base, suffix + 1);
  }
  taken.add(name);
  return name;
}
