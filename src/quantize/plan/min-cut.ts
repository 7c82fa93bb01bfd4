interface Edge {
  readonly to: number;
  capacity: number;
  /** The edge back. */
  readonly reverse: number;
}

/** Smaller flows are rounding errors. */
const epsilon = 1e-9;

/**
 * Splits things in two at least cost: each costs something on either side, and some pairs cost something when the first
 * is on the source's side and the second on the sink's. Solved exactly as a minimum cut (Dinic's algorithm: E. A. Dinic,
 * 1970; the reduction is that of Greig, Porteous and Seheult, 1989).
 */
export class MinCut {
  readonly #edges: Edge[][];
  readonly #source: number;
  readonly #sink: number;

  /** @param count things, numbered from 0 */
  constructor(count: number) {
    this.#edges = Array.from({ length: count + 2 }, () => []);
    this.#source = count;
    this.#sink = count + 1;
  }

  /** What a thing costs on the source's side, and on the sink's. */
  cost(thing: number, onSource: number, onSink: number): void {
    const least = Math.min(onSource, onSink);
    this.#connect(this.#source, thing, onSink - least);
    this.#connect(thing, this.#sink, onSource - least);
  }

  /** What it costs when `first` is on the source's side and `second` on the sink's. Infinity forbids it. */
  separation(first: number, second: number, cost: number): void {
    this.#connect(first, second, cost);
  }

  /** For each thing whether it is on the source's side. Throws RangeError when every way to split costs infinitely much. */
  solve(): readonly boolean[] {
    for (let levels = this.#levels(); levels[this.#sink] !== -1; levels = this.#levels()) {
      const next = new Int32Array(this.#edges.length);
      for (let pushed = Infinity; pushed > epsilon;) {
        pushed = this.#push(this.#source, Infinity, { levels, next });
        if (pushed === Infinity) throw new RangeError('every way to split these is forbidden');
      }
    }
    const reached = this.#levels();
    return Array.from({ length: this.#source }, (_, thing) => reached[thing] !== -1);
  }

  #connect(from: number, to: number, capacity: number): void {
    if (!(capacity > 0)) return;
    const [forward, backward] = [this.#edges[from], this.#edges[to]];
    if (forward === undefined || backward === undefined) throw new RangeError('no such thing');
    forward.push({ to, capacity, reverse: backward.length });
    backward.push({ to: from, capacity: 0, reverse: forward.length - 1 });
  }

  #levels(): Int32Array {
    const levels = new Int32Array(this.#edges.length).fill(-1);
    const queue = [this.#source];
    levels[this.#source] = 0;
    for (const at of queue)
      for (const { to, capacity } of this.#edges[at] ?? []) {
        if (capacity <= epsilon || levels[to] !== -1) continue;
        levels[to] = (levels[at] ?? 0) + 1;
        queue.push(to);
      }
    return levels;
  }

  #push(at: number, most: number, walk: { readonly levels: Int32Array; readonly next: Int32Array }): number {
    if (at === this.#sink) return most;
    const edges = this.#edges[at] ?? [];
    for (let i = walk.next[at] ?? 0; i < edges.length; i++) {
      walk.next[at] = i;
      const edge = edges[i];
      if (edge === undefined || edge.capacity <= epsilon) continue;
      if (walk.levels[edge.to] !== (walk.levels[at] ?? 0) + 1) continue;
      const pushed = this.#push(edge.to, Math.min(most, edge.capacity), walk);
      if (pushed <= epsilon) continue;
      edge.capacity -= pushed;
      const back = this.#edges[edge.to]?.[edge.reverse];
      if (back !== undefined) back.capacity += pushed;
      return pushed;
    }
    walk.next[at] = edges.length;
    return 0;
  }
}
