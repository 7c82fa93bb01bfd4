import type { TokenTimes } from './generation.ts';

/** Times of the tokens of requests, made one after another. */
export class TokenRecorder {
  readonly #ttftMs: number[] = [];
  readonly #gaps: number[] = [];
  readonly #produced: number[] = [];
  readonly #prompted: number[] = [];
  readonly #insideMs: number[] = [];
  readonly #itlMs: number[] = [];
  #startMs = 0;
  #lastMs = 0;
  #ownGaps = -1;

  begin(startMs: number): void {
    this.#startMs = startMs;
    this.#ownGaps = -1;
  }

  /** A token of every sequence was chosen. */
  token(nowMs: number): void {
    this.#ownGaps += 1;
    if (this.#ownGaps === 0) this.#ttftMs.push(nowMs - this.#startMs);
    else this.#itlMs.push(nowMs - this.#lastMs);
    this.#lastMs = nowMs;
  }

  end(request: { readonly insideMs: number; readonly produced: number; readonly prompted: number }): void {
    this.#gaps.push(this.#ownGaps);
    this.#insideMs.push(request.insideMs);
    this.#produced.push(request.produced);
    this.#prompted.push(request.prompted);
  }

  /** Gaps between the tokens so far, of all requests. */
  get itlMs(): readonly number[] {
    return this.#itlMs;
  }

  finish(copyMs: number | null): TokenTimes {
    return {
      ttftMs: Float64Array.from(this.#ttftMs),
      gaps: Int32Array.from(this.#gaps),
      produced: Int32Array.from(this.#produced),
      prompted: Int32Array.from(this.#prompted),
      insideMs: Float64Array.from(this.#insideMs),
      itlMs: Float64Array.from(this.#itlMs),
      copyMs,
    };
  }
}
