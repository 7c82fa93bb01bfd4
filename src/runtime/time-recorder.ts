const chunkLength = 65_536;

/**
 * Start and end times of runs, kept in chunks: growing never copies what is there, so recording costs the measuring
 * loop the same for the first and the millionth run.
 */
export class TimeRecorder {
  readonly #chunks: Float64Array[] = [];
  #last = new Float64Array(0);
  #used = 0;

  /** Makes room, so that the first `add` of a block allocates nothing. */
  constructor() {
    this.#grow();
  }

  add(startMs: number, endMs: number): void {
    if (this.#used === chunkLength) this.#grow();
    this.#last[this.#used] = startMs;
    this.#last[this.#used + 1] = endMs;
    this.#used += 2;
  }

  /** Times with `offsetMs` added, as separate arrays. */
  finish(offsetMs: number): { startsMs: Float64Array; endsMs: Float64Array } {
    const runs = ((this.#chunks.length - 1) * chunkLength + this.#used) / 2;
    const startsMs = new Float64Array(runs);
    const endsMs = new Float64Array(runs);
    for (let run = 0; run < runs; run++) {
      const chunk = this.#chunks[Math.floor((2 * run) / chunkLength)] ?? this.#last;
      const at = (2 * run) % chunkLength;
      startsMs[run] = (chunk[at] ?? 0) + offsetMs;
      endsMs[run] = (chunk[at + 1] ?? 0) + offsetMs;
    }
    return { startsMs, endsMs };
  }

  #grow(): void {
    this.#last = new Float64Array(chunkLength);
    this.#chunks.push(this.#last);
    this.#used = 0;
  }
}
